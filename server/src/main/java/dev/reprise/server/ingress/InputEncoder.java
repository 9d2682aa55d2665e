package dev.reprise.server.ingress;

import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.Bytes;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/**
 * Builds the payload of an invocation's input entry straight from a request, in one array:
 *
 * <pre>
 * InputCommandMessage   1: Header (repeated) | 14: Value
 * Header                1: key | 2: value
 * Value                 1: content
 * </pre>
 */
public final class InputEncoder {
  private static final byte[] PATH = "x-restate-ingress-path".getBytes(StandardCharsets.US_ASCII);
  private static final int FIELD_1 = 0x0A;
  private static final int FIELD_2 = 0x12;
  private static final int FIELD_14 = 0x72;

  private byte[] out = new byte[0];
  private int at;

  private InputEncoder() {}

  /** The body of a request, wherever it is. */
  public interface Body {
    int length();

    /** Copies all of it. */
    void copyTo(byte[] array, int offset);
  }

  /**
   * The payload. Header names are lower-cased, of a repeated name the first value counts.
   *
   * @param path path and query of the request, as the handler is to see them
   * @param count how many fields there are, at least
   * @throws Refused if a header's value is not visible ASCII
   */
  public static Bytes encode(
      String path,
      Iterator<? extends Map.Entry<? extends CharSequence, ? extends CharSequence>> fields,
      int count,
      Body body) {
    return new InputEncoder().write(path, fields, count, body);
  }

  private Bytes write(
      String target,
      Iterator<? extends Map.Entry<? extends CharSequence, ? extends CharSequence>> fields,
      int most,
      Body body) {
    byte[] path = target.getBytes(StandardCharsets.UTF_8);
    CharSequence[] kept = new CharSequence[2 * most];
    int count = 0;
    int size = delimited(pair(PATH.length, path.length));
    while (fields.hasNext()) {
      Map.Entry<? extends CharSequence, ? extends CharSequence> field = fields.next();
      CharSequence name = field.getKey();
      CharSequence value = field.getValue();
      if (hidden(name) || repeated(kept, count, name)) {
        continue;
      }
      checkVisible(name, value);
      kept[count++] = name;
      kept[count++] = value;
      size += delimited(pair(name.length(), value.length()));
    }
    int content = body.length();
    int value = content == 0 ? 0 : delimited(content);
    out = new byte[size + delimited(value)];
    pair(PATH, path);
    for (int i = 0; i < count; i += 2) {
      header(kept[i], kept[i + 1]);
    }
    tag(FIELD_14, value);
    if (content > 0) {
      tag(FIELD_1, content);
      body.copyTo(out, at);
    }
    return Bytes.of(out);
  }

  private void pair(byte[] name, byte[] value) {
    tag(FIELD_1, pair(name.length, value.length));
    tag(FIELD_1, name.length);
    System.arraycopy(name, 0, out, at, name.length);
    at += name.length;
    tag(FIELD_2, value.length);
    System.arraycopy(value, 0, out, at, value.length);
    at += value.length;
  }

  private void header(CharSequence name, CharSequence value) {
    tag(FIELD_1, pair(name.length(), value.length()));
    tag(FIELD_1, name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out[at++] = (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    tag(FIELD_2, value.length());
    for (int i = 0; i < value.length(); i++) {
      out[at++] = (byte) value.charAt(i);
    }
  }

  private void tag(int tag, int length) {
    out[at++] = (byte) tag;
    int rest = length;
    while (rest > 0x7F) {
      out[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
  }

  private static int pair(int name, int value) {
    // An empty string is still written: a header without a value is one with an empty value.
    return delimited(name) + delimited(value);
  }

  /** Bytes of a field of this length: tag, length, content. */
  private static int delimited(int length) {
    int bytes = 2;
    for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
      bytes++;
    }
    return bytes + length;
  }

  private static boolean hidden(CharSequence name) {
    return switch (name.length()) {
      case 4 -> AsciiString.contentEqualsIgnoreCase(name, "host");
      case 10 -> AsciiString.contentEqualsIgnoreCase(name, "connection");
      case 15 -> AsciiString.contentEqualsIgnoreCase(name, "idempotency-key");
      case 19 -> AsciiString.contentEqualsIgnoreCase(name, "idempotency-expires");
      default -> false;
    };
  }

  private static boolean repeated(CharSequence[] kept, int count, CharSequence name) {
    for (int i = 0; i < count; i += 2) {
      if (kept[i].length() == name.length() && AsciiString.contentEqualsIgnoreCase(kept[i], name)) {
        return true;
      }
    }
    return false;
  }

  private static void checkVisible(CharSequence name, CharSequence value) {
    if (!visible(value)) {
      throw new Refused(Reason.BAD_HEADER, "bad header " + name);
    }
  }

  /** Whether a header's value is what a header's value may be. */
  public static boolean visible(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c > '~') {
        return false;
      }
    }
    return true;
  }
}
