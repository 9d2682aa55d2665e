package dev.reprise.server.ingress;

import dev.reprise.cluster.metadata.HandlerRevision;
import org.jspecify.annotations.Nullable;

/** Which bodies and content types a handler takes. */
final class BodyRules {
  private BodyRules() {}

  /**
   * Why this is not taken, or null when it is. Any rule of the handler may accept; the last one
   * says what was expected.
   */
  static @Nullable String problem(
      HandlerRevision handler, @Nullable String contentType, boolean bodyEmpty) {
    String pattern = handler.inputContentType();
    boolean nothing = contentType == null && bodyEmpty;
    if (nothing && (!handler.inputRequired() || pattern == null)) {
      return null;
    }
    if (pattern == null) {
      return "Expected neither body nor content-type";
    }
    if (contentType == null) {
      return "Expected content-type " + pattern + ", but it is empty";
    }
    if (!matches(pattern, contentType)) {
      return "Expected content-type " + pattern + ", but '" + contentType + "' does not match";
    }
    return handler.inputSchema() != null && bodyEmpty
        ? "Expected a body of content-type " + pattern + ", but it is empty"
        : null;
  }

  private static boolean matches(String pattern, String contentType) {
    int semicolon = contentType.indexOf(';');
    String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).trim();
    if (pattern.equals(type) || pattern.equals("*/*")) {
      return true;
    }
    boolean anySubtype = pattern.endsWith("/*");
    return anySubtype && type.startsWith(pattern.substring(0, pattern.length() - 1));
  }
}
