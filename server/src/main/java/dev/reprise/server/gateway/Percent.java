package dev.reprise.server.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Percent decoding of paths and queries. */
final class Percent {
  private Percent() {}

  /**
   * Decodes a path segment: {@code +} stays, an invalid escape is kept as it is. Null when the
   * bytes are not UTF-8.
   */
  static @Nullable String decodeSegment(String raw) {
    return raw.indexOf('%') < 0 && ascii(raw) ? raw : decode(raw, false);
  }

  /** Decodes a query parameter: {@code +} is a space. Null when the bytes are not UTF-8. */
  static @Nullable String decodeForm(String raw) {
    return raw.indexOf('%') < 0 && raw.indexOf('+') < 0 && ascii(raw) ? raw : decode(raw, true);
  }

  private static @Nullable String decode(String raw, boolean form) {
    byte[] bytes = new byte[raw.length() * 3];
    int size = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      int escaped = c == '%' && i + 2 < raw.length() ? escape(raw, i) : -1;
      if (escaped >= 0) {
        bytes[size++] = (byte) escaped;
        i += 2;
      } else if (c == '+' && form) {
        bytes[size++] = ' ';
      } else if (c <= 0xFF) {
        // A request line is read byte by byte.
        bytes[size++] = (byte) c;
      } else {
        return null;
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, size)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static int escape(String raw, int at) {
    int high = Character.digit(raw.charAt(at + 1), 16);
    int low = Character.digit(raw.charAt(at + 2), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }

  private static boolean ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return false;
      }
    }
    return true;
  }
}
