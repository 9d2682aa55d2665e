package dev.reprise.server.endpoint;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where an endpoint is, taken apart.
 *
 * @param host name or literal address, an IPv6 literal without brackets
 * @param prefix path before each request's own, without a slash at its end; may be empty
 * @param query after the path, without the question mark; may be empty
 */
public record EndpointAddress(boolean tls, String host, int port, String prefix, String query) {
  /**
   * Reads a deployment's address.
   *
   * @throws IllegalArgumentException with a message for whoever registers it
   */
  public static EndpointAddress parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "Expected the address of a service endpoint, but got '" + text + "'", e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "Expected an address that begins with http:// or https://, but got '" + text + "'");
    }
    String host = uri.getHost();
    if (host == null || host.isEmpty()) {
      throw new IllegalArgumentException("Expected an address with a host, but got '" + text + "'");
    }
    boolean tls = scheme.equals("https");
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    return new EndpointAddress(tls, withoutBrackets(host), port, withoutSlash(path), query);
  }

  /** As the authority of a request names it: a scheme's own port is left out. */
  public String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == (tls ? 443 : 80) ? name : name + ":" + port;
  }

  /** The path of a request, with the address's prefix and query. */
  public String path(String own) {
    return query.isEmpty() ? prefix + own : prefix + own + "?" + query;
  }

  /** What connections are shared by. */
  String key() {
    return (tls ? "https://" : "http://") + host + ":" + port;
  }

  @Override
  public String toString() {
    return key() + prefix;
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static String withoutSlash(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }
}
