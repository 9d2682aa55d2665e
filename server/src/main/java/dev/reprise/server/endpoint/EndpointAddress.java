package dev.reprise.server.endpoint;

import dev.reprise.cluster.metadata.DeploymentAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Where an endpoint is, taken apart. */
public sealed interface EndpointAddress {
  /** The path of a request, with all that the address has around it. */
  String path(String own);

  /**
   * Reads a deployment's address.
   *
   * @throws IllegalArgumentException with a message for whoever registers it
   */
  static EndpointAddress of(DeploymentAddress address) {
    return switch (address) {
      case DeploymentAddress.Http http -> Network.parse(http.uri(), http.http11());
      case DeploymentAddress.Lambda lambda -> Function.parse(lambda);
    };
  }

  /** The network address of an endpoint that speaks HTTP/2, or over TLS what it prefers. */
  static Network parse(String uri) {
    return Network.parse(uri, false);
  }

  /**
   * On the network.
   *
   * @param http11 speaks HTTP/1.1
   * @param host name or literal address, an IPv6 literal without brackets
   * @param prefix path before each request's own, without a slash at its end; may be empty
   * @param query after the path, without the question mark; may be empty
   */
  record Network(boolean tls, boolean http11, String host, int port, String prefix, String query)
      implements EndpointAddress {
    static Network parse(String text, boolean http11) {
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
        throw new IllegalArgumentException(
            "Expected an address with a host, but got '" + text + "'");
      }
      boolean tls = scheme.equals("https");
      int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
      String path = uri.getRawPath() == null ? "" : uri.getRawPath();
      String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
      return new Network(tls, http11, withoutBrackets(host), port, withoutSlash(path), query);
    }

    /** As the authority of a request names it: a scheme's own port is left out. */
    public String authority() {
      String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
      return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }

    @Override
    public String path(String own) {
      return query.isEmpty() ? prefix + own : prefix + own + "?" + query;
    }

    /** What connections are shared by. */
    String key() {
      return (http11 ? "HTTP/1.1 " : "") + url();
    }

    private String url() {
      return (tls ? "https://" : "http://") + host + ":" + port;
    }

    @Override
    public String toString() {
      return url() + prefix;
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

  /**
   * A function on AWS Lambda.
   *
   * @param role to be taken before; empty for the node's own
   * @param zstd whether it takes bodies compressed with zstd
   */
  record Function(String arn, String region, String role, boolean zstd) implements EndpointAddress {
    private static final int PARTS = 8;

    static Function parse(DeploymentAddress.Lambda lambda) {
      String[] parts = lambda.arn().split(":", -1);
      boolean complete =
          parts.length == PARTS
              && parts[0].equals("arn")
              && parts[2].equals("lambda")
              && parts[5].equals("function");
      for (int i = 0; i < parts.length; i++) {
        complete &= !parts[i].isEmpty();
      }
      if (!complete) {
        throw new IllegalArgumentException(
            "Expected the ARN of a version or an alias of a function, such as"
                + " arn:aws:lambda:eu-central-1:123456789012:function:greeter:1, but got '"
                + lambda.arn()
                + "'");
      }
      return new Function(lambda.arn(), parts[3], lambda.assumeRoleArn(), lambda.zstd());
    }

    @Override
    public String path(String own) {
      return own;
    }

    @Override
    public String toString() {
      return arn;
    }
  }
}
