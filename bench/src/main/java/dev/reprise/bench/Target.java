package dev.reprise.bench;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where requests go. Not a URI: its path may hold templates.
 *
 * @param host name or address
 * @param path begins with a slash
 */
record Target(String host, int port, String path) {
  private static final Pattern URL =
      Pattern.compile("http://(?<host>\\[[^]]+]|[^:/\\[]+)(:(?<port>\\d+))?(?<path>/.*)?");

  static Target of(String url) {
    Matcher matcher = URL.matcher(url);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("Expected http://HOST:PORT/PATH, but '" + url + "'");
    }
    String port = matcher.group("port");
    String path = matcher.group("path");
    return new Target(
        matcher.group("host"),
        port == null ? 80 : Integer.parseInt(port),
        path == null ? "/" : path);
  }

  /** Resolves the name. */
  InetSocketAddress address() {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("Expected a known host, but '" + host + "'");
    }
    return address;
  }

  /** The value of the host header. */
  String authority() {
    return host + ":" + port;
  }
}
