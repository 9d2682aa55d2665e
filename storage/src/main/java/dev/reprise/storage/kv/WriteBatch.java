package dev.reprise.storage.kv;

import java.util.Arrays;

/**
 * Puts and deletes in order, kept as the bytes that RocksDB's own write batch uses, so that one
 * native call hands all of it over:
 *
 * <pre>
 * header   sequence (8 bytes, zero) | count of records (4 bytes, little-endian)
 * put      0x01 | varint32 length, key | varint32 length, value
 * delete   0x00 | varint32 length, key
 * range    0x0F | varint32 length, from | varint32 length, to
 * </pre>
 *
 * <p>Equal operations in equal order give equal bytes on every replica. Confined to one thread.
 */
public final class WriteBatch {
  /** Bytes of an empty batch. */
  public static final int HEADER_BYTES = 12;

  private static final int COUNT_OFFSET = 8;
  private static final int PUT = 0x01;
  private static final int DELETE = 0x00;
  private static final int DELETE_RANGE = 0x0F;

  /** An array grown beyond this by one large batch is not kept for the next. */
  private static final int KEPT_BYTES = 1 << 20;

  private final Buffer buffer = new Buffer(4096);
  private int count;

  public WriteBatch() {
    buffer.zeros(HEADER_BYTES);
  }

  public void put(byte[] key, byte[] value) {
    put(key, 0, key.length, value, 0, value.length);
  }

  /** Copies what the two writers hold; they may be reset afterwards. */
  public void put(KeyWriter key, ByteWriter value) {
    put(key.array(), 0, key.size(), value.array(), 0, value.size());
  }

  public void put(
      byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
    record(PUT);
    lengthAnd(key, keyOffset, keyLength);
    lengthAnd(value, valueOffset, valueLength);
  }

  public void delete(byte[] key) {
    delete(key, 0, key.length);
  }

  public void delete(KeyWriter key) {
    delete(key.array(), 0, key.size());
  }

  public void delete(byte[] key, int offset, int length) {
    record(DELETE);
    lengthAnd(key, offset, length);
  }

  /**
   * Deletes the keys in {@code [from, to)}; adds nothing if both are equal. Costs every later read
   * in the range a little: for whole tables and long journals, not for a handful of rows.
   */
  public void deleteRange(byte[] from, byte[] to) {
    if (to.length == 0 || Arrays.compareUnsigned(from, to) > 0) {
      throw new IllegalArgumentException(
          "Expected a range whose end is named and not before its start, but got a start of "
              + from.length
              + " and an end of "
              + to.length
              + " bytes");
    }
    if (!Arrays.equals(from, to)) {
      record(DELETE_RANGE);
      lengthAnd(from, 0, from.length);
      lengthAnd(to, 0, to.length);
    }
  }

  /** How many operations. */
  public int count() {
    return count;
  }

  /** How many bytes of {@link #array} are the batch, header included. */
  public int size() {
    return buffer.size();
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public void reset() {
    buffer.reset(KEPT_BYTES);
    buffer.zeros(HEADER_BYTES);
    count = 0;
  }

  /** The batch's bytes from 0 to {@link #size}; to be read only, and until the next change. */
  public byte[] array() {
    buffer.putLittleEndian32(COUNT_OFFSET, count);
    return buffer.array();
  }

  /** A copy of the batch's bytes. */
  public byte[] toBytes() {
    return Arrays.copyOf(array(), size());
  }

  /** Shows the operations in order. */
  public void forEach(Visitor visitor) {
    var reader = new ByteReader(array(), HEADER_BYTES, size() - HEADER_BYTES);
    while (reader.hasMore()) {
      switch (reader.uint8()) {
        case PUT -> visitor.put(reader.bytes(), reader.bytes());
        case DELETE -> visitor.delete(reader.bytes());
        case DELETE_RANGE -> visitor.deleteRange(reader.bytes(), reader.bytes());
        default -> throw new IllegalStateException("Expected a tag of ours, but found another");
      }
    }
  }

  private void record(int tag) {
    buffer.put8(tag);
    count++;
  }

  private void lengthAnd(byte[] bytes, int offset, int length) {
    buffer.putVarint(length);
    buffer.put(bytes, offset, length);
  }

  /** Is shown each operation. The arrays may be kept. */
  public interface Visitor {
    void put(byte[] key, byte[] value);

    void delete(byte[] key);

    void deleteRange(byte[] from, byte[] to);
  }
}
