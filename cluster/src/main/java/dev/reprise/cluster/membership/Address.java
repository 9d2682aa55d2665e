package dev.reprise.cluster.membership;

/**
 * Where a port of a node is reached.
 *
 * @param host a name or an IP address; one of IPv6 without brackets
 * @param port from 1 to 65535
 */
public record Address(String host, int port) {
  public Address {
    if (host.isEmpty() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "Expected a host and a port from 1 to 65535, but got '" + host + "' and " + port);
    }
  }

  /**
   * Reads {@code host:port}, {@code [::1]:port}, or either behind {@code http://}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static Address parse(String text) {
    String bare = text.startsWith("http://") ? text.substring("http://".length()) : text;
    if (bare.endsWith("/")) {
      bare = bare.substring(0, bare.length() - 1);
    }
    int colon = bare.lastIndexOf(':');
    String host = colon < 0 ? "" : bare.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = "";
    }
    try {
      return new Address(host, Integer.parseInt(bare.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Expected an address such as 10.0.0.1:5122, but got '" + text + "'", e);
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
