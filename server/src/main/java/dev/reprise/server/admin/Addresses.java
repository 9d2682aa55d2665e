package dev.reprise.server.admin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Checks addresses of deployments as requests name them. Throws {@link AdminError}. */
final class Addresses {
  private static final int ARN_PARTS = 8;

  private Addresses() {}

  /** An absolute URI, with a trailing slash. */
  static String uri(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equalsIgnoreCase(uri.getScheme());
      boolean https = "https".equalsIgnoreCase(uri.getScheme());
      if ((http || https) && uri.getHost() != null) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String slash = path.endsWith("/") ? "" : "/";
        return uri.getScheme().toLowerCase(Locale.ROOT)
            + "://"
            + uri.getRawAuthority()
            + path
            + slash
            + query;
      }
    } catch (URISyntaxException e) {
      throw AdminError.of(400, null, "Expected an absolute URI, but " + e.getMessage());
    }
    throw AdminError.of(
        400,
        null,
        "Expected an absolute URI such as http://localhost:9080, but got '" + text + "'");
  }

  /** The ARN of one version or alias of a function: without, what it serves could change unseen. */
  static String function(String text) {
    String[] parts = text.split(":", -1);
    boolean function =
        parts.length >= ARN_PARTS - 1
            && parts[0].equals("arn")
            && parts[2].equals("lambda")
            && !parts[3].isEmpty()
            && parts[5].equals("function");
    if (!function || parts.length > ARN_PARTS) {
      throw AdminError.of(
          400,
          null,
          "Expected the ARN of a function, such as"
              + " arn:aws:lambda:eu-central-1:123456789012:function:greeter:1, but got '"
              + text
              + "'");
    }
    if (parts.length < ARN_PARTS || parts[ARN_PARTS - 1].isEmpty()) {
      throw AdminError.of(
          400,
          null,
          "Expected an ARN with a version or an alias at its end (or $LATEST, in quotes in a"
              + " shell), but got '"
              + text
              + "'");
    }
    return text;
  }
}
