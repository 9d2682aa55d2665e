package dev.reprise.storage.kv;

/**
 * Reads keys written by {@link KeyWriter}, part by part. A key that does not hold what is asked for
 * is a {@link StorageException}. Confined to one thread.
 */
public final class KeyReader {
  private static final byte ESCAPE = 0x00;
  private static final byte ESCAPED_ZERO = (byte) 0xFF;
  private static final byte END = 0x01;

  private final byte[] key;
  private final ByteReader parts;

  public KeyReader(byte[] key) {
    this.key = key;
    this.parts = new ByteReader(key);
  }

  public int uint8() {
    return parts.uint8();
  }

  public int uint16() {
    return parts.uint16();
  }

  public long uint32() {
    return parts.uint32();
  }

  /** Eight bytes; a large unsigned number is negative. */
  public long uint64() {
    return parts.uint64();
  }

  public byte[] bytes16() {
    return parts.raw(16);
  }

  public byte[] raw(int length) {
    return parts.raw(length);
  }

  /** All that is left. */
  public byte[] rest() {
    return parts.raw(parts.remaining());
  }

  public String string() {
    byte[] utf8 = stringBytes();
    return Utf8.decode(utf8, 0, utf8.length);
  }

  /** The bytes given to {@link KeyWriter#string(byte[])}. */
  public byte[] stringBytes() {
    int start = key.length - parts.remaining();
    int zeros = 0;
    int at = start;
    while (!isEnd(at, start)) {
      zeros += key[at] == ESCAPE ? 1 : 0;
      at += key[at] == ESCAPE ? 2 : 1;
    }
    byte[] escaped = parts.raw(at - start);
    parts.skip(2);
    return zeros == 0 ? escaped : unescape(escaped, zeros);
  }

  public boolean hasMore() {
    return parts.hasMore();
  }

  /** Throws unless the key was read to its end. */
  public void expectEnd() {
    parts.expectEnd();
  }

  private boolean isEnd(int at, int start) {
    if (at >= key.length) {
      throw malformed(start, "the key ends within it");
    }
    if (key[at] != ESCAPE) {
      return false;
    }
    if (at + 1 >= key.length) {
      throw malformed(start, "the key ends within it");
    }
    if (key[at + 1] != END && key[at + 1] != ESCAPED_ZERO) {
      throw malformed(start, "it has an unknown escape at offset " + at);
    }
    return key[at + 1] == END;
  }

  private static byte[] unescape(byte[] escaped, int zeros) {
    byte[] plain = new byte[escaped.length - zeros];
    int from = 0;
    for (int to = 0; to < plain.length; to++) {
      plain[to] = escaped[from];
      from += escaped[from] == ESCAPE ? 2 : 1;
    }
    return plain;
  }

  private StorageException malformed(int start, String found) {
    return new StorageException(
        "Expected a terminated string at offset "
            + start
            + " of a key of "
            + key.length
            + " bytes, but "
            + found);
  }
}
