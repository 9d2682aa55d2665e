package dev.reprise.storage.kv;

import java.util.Arrays;
import java.util.Objects;

/**
 * Reads what {@link ByteWriter} wrote. Any bytes may be given: what does not decode is a {@link
 * StorageException}, and nothing larger than what is left is ever allocated. There is one encoding
 * of each value; others are refused. Confined to one thread; the bytes must not change meanwhile.
 */
public final class ByteReader {
  private final byte[] bytes;
  private final int start;
  private final int end;
  private int at;

  public ByteReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  /** Reads {@code length} bytes from {@code offset} on, without copying them. */
  public ByteReader(byte[] bytes, int offset, int length) {
    this.start = Objects.checkFromIndexSize(offset, length, bytes.length);
    this.bytes = bytes;
    this.end = offset + length;
    this.at = offset;
  }

  public int uint8() {
    return bytes[take(1, "a number of 1 byte")] & 0xFF;
  }

  public int uint16() {
    return Buffer.get16(bytes, take(2, "a number of 2 bytes"));
  }

  public long uint32() {
    return Integer.toUnsignedLong(Buffer.get32(bytes, take(4, "a number of 4 bytes")));
  }

  /** Eight bytes; a large unsigned number is negative. */
  public long uint64() {
    return Buffer.get64(bytes, take(8, "a number of 8 bytes"));
  }

  /** A large unsigned number is negative. */
  public long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = bytes[take(1, "a varint")];
      boolean last = b >= 0;
      boolean tooLarge = shift == 63 && b > 1;
      boolean overlong = shift > 0 && b == 0;
      if (tooLarge || overlong) {
        throw malformed("the shortest form of a varint", "found another");
      }
      value |= (b & 0x7FL) << shift;
      if (last) {
        return value;
      }
    }
    throw malformed("a varint of at most 10 bytes", "it goes on");
  }

  /** A varint that is a count or length: not negative, at most {@code max}. */
  public int varint(int max) {
    long value = varint();
    if (value < 0 || value > max) {
      throw malformed("at most " + max, "found " + Long.toUnsignedString(value));
    }
    return (int) value;
  }

  /** A varint of at most 32 bits, unsigned. */
  public long uint32Varint() {
    long value = varint();
    if (value < 0 || value > 0xFFFF_FFFFL) {
      throw malformed("a number of 32 bits", "found " + Long.toUnsignedString(value));
    }
    return value;
  }

  public boolean bool() {
    int value = uint8();
    if (value > 1) {
      throw malformed("0 or 1 for a boolean", "found " + value);
    }
    return value == 1;
  }

  public byte[] bytes() {
    return raw(length());
  }

  public String string() {
    int length = length();
    return Utf8.decode(bytes, take(length, "a string"), length);
  }

  /** The next bytes as they are. */
  public byte[] raw(int length) {
    int from = take(length, "raw bytes");
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  /** A reader of the next bytes, without copying them; this reader goes on after them. */
  public ByteReader slice(int length) {
    return new ByteReader(bytes, take(length, "a slice"), length);
  }

  /** The array behind; with {@link #position} a window into it needs no copy. */
  public byte[] array() {
    return bytes;
  }

  /** Where in {@link #array} the next byte is. */
  public int position() {
    return at;
  }

  public void skip(int length) {
    take(length, "bytes to skip");
  }

  /** How many bytes are left. */
  public int remaining() {
    return end - at;
  }

  public boolean hasMore() {
    return at < end;
  }

  /** Throws unless everything was read. */
  public void expectEnd() {
    if (at != end) {
      throw malformed("the end", remaining() + " bytes are left");
    }
  }

  private int length() {
    long length = varint();
    if (length < 0 || length > remaining()) {
      throw malformed(
          Long.toUnsignedString(length) + " bytes as their length says",
          "" + remaining() + " are left");
    }
    return (int) length;
  }

  private int take(int length, String what) {
    if (length < 0 || length > end - at) {
      throw malformed(what + " (" + length + " bytes)", remaining() + " bytes are left");
    }
    int from = at;
    at += length;
    return from;
  }

  private StorageException malformed(String expected, String found) {
    return new StorageException(
        "Expected " + expected + " at offset " + (at - start) + ", but " + found);
  }
}
