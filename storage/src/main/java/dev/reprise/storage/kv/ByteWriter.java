package dev.reprise.storage.kv;

/**
 * Writes values: compact, and equal for equal parts, on every replica and in every version of the
 * libraries. Growable and reusable; every method returns this writer. A part out of its range is an
 * {@link IllegalArgumentException}. Confined to one thread.
 */
public final class ByteWriter {
  private static final int KEPT_BYTES = 1 << 18;

  private final Buffer buffer = new Buffer(256);

  public ByteWriter uint8(int value) {
    buffer.put8((int) Ranges.unsigned(value, 8));
    return this;
  }

  /** Two bytes, big-endian. */
  public ByteWriter uint16(int value) {
    buffer.put16((int) Ranges.unsigned(value, 16));
    return this;
  }

  /** Four bytes, big-endian. */
  public ByteWriter uint32(long value) {
    buffer.put32((int) Ranges.unsigned(value, 32));
    return this;
  }

  /** Eight bytes, big-endian; a negative value is a large unsigned one. */
  public ByteWriter uint64(long value) {
    buffer.put64(value);
    return this;
  }

  /** One to ten bytes, seven bits each, lowest first; a negative value is a large unsigned one. */
  public ByteWriter varint(long value) {
    buffer.putVarint(value);
    return this;
  }

  public ByteWriter bool(boolean value) {
    buffer.put8(value ? 1 : 0);
    return this;
  }

  /** The length as a varint, then the bytes. */
  public ByteWriter bytes(byte[] value) {
    return bytes(value, 0, value.length);
  }

  /** The length as a varint, then the bytes. */
  public ByteWriter bytes(byte[] value, int offset, int length) {
    buffer.putVarint(length);
    return raw(value, offset, length);
  }

  /** The string's UTF-8 as {@link #bytes(byte[])}. Lone surrogates are refused. */
  public ByteWriter string(String value) {
    return bytes(Utf8.encode(value));
  }

  /** Bytes as they are: of a length known to the reader, or the last part. */
  public ByteWriter raw(byte[] value) {
    return raw(value, 0, value.length);
  }

  /** Bytes as they are: of a length known to the reader, or the last part. */
  public ByteWriter raw(byte[] value, int offset, int length) {
    buffer.put(value, offset, length);
    return this;
  }

  public byte[] toBytes() {
    return buffer.toBytes();
  }

  public int size() {
    return buffer.size();
  }

  /** The value's bytes from 0 to {@link #size}; to be read only, and until the next change. */
  public byte[] array() {
    return buffer.array();
  }

  /** Takes back what was written after the first {@code size} bytes. */
  public ByteWriter cut(int size) {
    buffer.cut(size);
    return this;
  }

  public ByteWriter reset() {
    buffer.reset(KEPT_BYTES);
    return this;
  }
}
