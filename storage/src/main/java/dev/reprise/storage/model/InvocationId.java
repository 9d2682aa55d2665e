package dev.reprise.storage.model;

import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * The name of one invocation: where it lives (the partition key) and which one it is (16 bytes,
 * unique or derived from a workflow's or a request's own name).
 *
 * <p>As text: {@code inv_1}, then partition key and uuid in base 62, 38 characters in all. The
 * numbers written are the bytes read in little-endian order.
 */
public record InvocationId(long partitionKey, long uuidHigh, long uuidLow)
    implements Comparable<InvocationId> {
  public static final int BYTES = 24;

  private static final String PREFIX = "inv_1";
  private static final int KEY_DIGITS = 11;
  private static final int UUID_DIGITS = 22;
  private static final int TEXT_LENGTH = PREFIX.length() + KEY_DIGITS + UUID_DIGITS;

  /**
   * Reads the text form. The message of the error says what was expected, fit for a client's eyes.
   */
  public static InvocationId parse(String text) {
    if (!text.startsWith("inv_")) {
      throw new IllegalArgumentException(
          "Expected an invocation id that starts with inv_1, but got '" + text + "': bad format");
    }
    if (text.length() != TEXT_LENGTH) {
      throw new IllegalArgumentException(
          "Expected an invocation id of "
              + TEXT_LENGTH
              + " characters, but got '"
              + text
              + "': bad length");
    }
    if (!text.startsWith(PREFIX)) {
      throw new IllegalArgumentException(
          "Expected an invocation id that starts with inv_1, but got '"
              + text
              + "': unrecognized codec version");
    }
    int uuidAt = PREFIX.length() + KEY_DIGITS;
    long key = Base62.parse(text, PREFIX.length(), uuidAt, 64).longValue();
    BigInteger uuid = Base62.parse(text, uuidAt, TEXT_LENGTH, 128);
    return new InvocationId(
        Long.reverseBytes(key),
        Long.reverseBytes(uuid.longValue()),
        Long.reverseBytes(uuid.shiftRight(64).longValue()));
  }

  public static InvocationId read(byte[] bytes, int offset) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, BYTES);
    return new InvocationId(buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  /** The partition that it lives in, from 0, where the key space is cut into so many. */
  public int partitionAmong(int partitions) {
    return (int) Math.unsignedMultiplyHigh(partitionKey, partitions);
  }

  /** The 24 bytes of the wire: partition key, then uuid, big-endian. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(partitionKey)
        .putLong(uuidHigh)
        .putLong(uuidLow)
        .array();
  }

  @Override
  public int compareTo(InvocationId other) {
    int byKey = Long.compareUnsigned(partitionKey, other.partitionKey);
    if (byKey != 0) {
      return byKey;
    }
    int byHigh = Long.compareUnsigned(uuidHigh, other.uuidHigh);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(uuidLow, other.uuidLow);
  }

  @Override
  public int hashCode() {
    long mixed = (partitionKey * 31 + uuidHigh) * 31 + uuidLow;
    return Long.hashCode(mixed * 0x9E3779B97F4A7C15L);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InvocationId that
        && uuidLow == that.uuidLow
        && uuidHigh == that.uuidHigh
        && partitionKey == that.partitionKey;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(TEXT_LENGTH).append(PREFIX);
    Base62.append(text, Long.reverseBytes(partitionKey), KEY_DIGITS);
    Base62.append(text, Long.reverseBytes(uuidLow), Long.reverseBytes(uuidHigh), UUID_DIGITS);
    return text.toString();
  }
}
