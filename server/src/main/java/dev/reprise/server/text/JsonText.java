package dev.reprise.server.text;

import java.util.Map;

/** Small JSON documents, written by hand. */
public final class JsonText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonText() {}

  /** Appends the text as a JSON string, quotes included. */
  public static StringBuilder quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // A lone surrogate has no UTF-8; escaped it survives.
          if (c < ' ' || Character.isSurrogate(c)) {
            escape(out, c);
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"');
  }

  /** Appends an object of strings. */
  public static StringBuilder object(StringBuilder out, Map<String, String> map) {
    out.append('{');
    String separator = "";
    for (Map.Entry<String, String> entry : map.entrySet()) {
      out.append(separator);
      quote(out, entry.getKey()).append(':');
      quote(out, entry.getValue());
      separator = ",";
    }
    return out.append('}');
  }

  private static void escape(StringBuilder out, char c) {
    out.append("\\u")
        .append(HEX[c >> 12])
        .append(HEX[(c >> 8) & 0xF])
        .append(HEX[(c >> 4) & 0xF])
        .append(HEX[c & 0xF]);
  }
}
