package dev.reprise.storage.kv;

import java.util.Arrays;

/**
 * Writes keys whose bytes, compared unsigned, sort as their parts do. Growable and reusable; every
 * method returns this writer. A part out of its range is an {@link IllegalArgumentException}.
 * Confined to one thread.
 */
public final class KeyWriter {
  private static final int ESCAPE = 0x00;
  private static final int ESCAPED_ZERO = 0xFF;
  private static final int END = 0x01;

  private final Buffer buffer = new Buffer(64);

  public KeyWriter uint8(int value) {
    buffer.put8((int) Ranges.unsigned(value, 8));
    return this;
  }

  /** Two bytes, big-endian. */
  public KeyWriter uint16(int value) {
    buffer.put16((int) Ranges.unsigned(value, 16));
    return this;
  }

  /** Four bytes, big-endian. */
  public KeyWriter uint32(long value) {
    buffer.put32((int) Ranges.unsigned(value, 32));
    return this;
  }

  /** Eight bytes, big-endian; a negative value is a large unsigned one. */
  public KeyWriter uint64(long value) {
    buffer.put64(value);
    return this;
  }

  /** Sixteen bytes as they are. */
  public KeyWriter bytes16(byte[] value) {
    if (value.length != 16) {
      throw new IllegalArgumentException("Expected 16 bytes, but got " + value.length);
    }
    return raw(value);
  }

  /** Bytes as they are: of a length known to the reader, or the last part. */
  public KeyWriter raw(byte[] value) {
    buffer.put(value, 0, value.length);
    return this;
  }

  /**
   * Bytes of any length, escaped and terminated (0x00 becomes 0x00 0xFF, the end is 0x00 0x01), so
   * that a prefix sorts before what it begins, and no key is a prefix of another.
   */
  public KeyWriter string(byte[] utf8) {
    for (byte b : utf8) {
      buffer.put8(b);
      if (b == ESCAPE) {
        buffer.put8(ESCAPED_ZERO);
      }
    }
    buffer.put8(ESCAPE);
    buffer.put8(END);
    return this;
  }

  /** The string's UTF-8; sorts by code point. Lone surrogates are refused. */
  public KeyWriter string(String value) {
    return string(Utf8.encode(value));
  }

  public byte[] toBytes() {
    return buffer.toBytes();
  }

  public int size() {
    return buffer.size();
  }

  /** The key's bytes from 0 to {@link #size}; to be read only, and until the next change. */
  public byte[] array() {
    return buffer.array();
  }

  public KeyWriter reset() {
    buffer.reset(1 << 16);
    return this;
  }

  /**
   * The exclusive upper bound of a scan over all keys with this prefix: the smallest key above all
   * of them, or empty ("to the end") if there is none.
   */
  public static byte[] successorOfPrefix(byte[] prefix) {
    int last = prefix.length - 1;
    while (last >= 0 && prefix[last] == (byte) 0xFF) {
      last--;
    }
    byte[] successor = Arrays.copyOf(prefix, last + 1);
    if (last >= 0) {
      successor[last]++;
    }
    return successor;
  }
}
