package dev.reprise.storage.kv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Strings as bytes without loss: what is not well-formed is refused, never replaced. */
final class Utf8 {
  private Utf8() {}

  /** Throws IllegalArgumentException on a lone surrogate: two such strings would share a key. */
  static byte[] encode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new IllegalArgumentException(
              "Expected well-formed Unicode, but found a lone surrogate at " + i);
        }
        i++;
      }
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String decode(byte[] bytes, int offset, int length) {
    String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
    // The replacement character shows either itself or that something was replaced.
    return text.indexOf('\uFFFD') < 0 ? text : decodeStrictly(bytes, offset, length);
  }

  private static String decodeStrictly(byte[] bytes, int offset, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, offset, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw new StorageException(
          StorageException.Reason.MALFORMED,
          "Expected UTF-8 in " + length + " bytes at offset " + offset + ", but it is not",
          e);
    }
  }
}
