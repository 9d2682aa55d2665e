package dev.reprise.server.config;

/**
 * Where a door listens.
 *
 * @param host a name or an address, without brackets
 * @param port 0 picks a free one
 */
public record HostAndPort(String host, int port) {
  /**
   * Reads {@code HOST:PORT}; an address of IPv6 stands in brackets.
   *
   * @throws IllegalArgumentException with a message fit for a person
   */
  public static HostAndPort parse(String text) {
    String trimmed = text.trim();
    int colon = trimmed.lastIndexOf(':');
    String host = colon < 0 ? "" : trimmed.substring(0, colon);
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    String bare = brackets ? host.substring(1, host.length() - 1) : host;
    try {
      int port = Integer.parseInt(trimmed.substring(colon + 1));
      boolean named =
          !bare.isEmpty() && bare.indexOf('/') < 0 && (brackets || bare.indexOf(':') < 0);
      if (named && port >= 0 && port <= 65_535) {
        return new HostAndPort(bare, port);
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "Expected HOST:PORT such as 0.0.0.0:8080 or [::]:8080, but got '" + text + "'");
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
