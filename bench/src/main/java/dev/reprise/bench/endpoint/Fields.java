package dev.reprise.bench.endpoint;

import java.util.Arrays;

/**
 * Walks over the fields of one protobuf message, without a class for it. One thread.
 *
 * <pre>while (fields.next()) { switch (fields.number()) { … } }</pre>
 */
final class Fields {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final byte[] message;
  private final int end;
  private int at;
  private int number;
  private long varint;
  private int start;
  private int length;

  Fields(byte[] message) {
    this(message, 0, message.length);
  }

  private Fields(byte[] message, int start, int length) {
    this.message = message;
    this.at = start;
    this.end = start + length;
  }

  /** Moves to the next field. Returns false at the end of the message. */
  boolean next() {
    if (at == end) {
      return false;
    }
    long tag = readVarint();
    number = (int) (tag >>> 3);
    varint = 0;
    start = at;
    length = 0;
    switch ((int) (tag & 7)) {
      case VARINT -> varint = readVarint();
      case FIXED64 -> skip(8);
      case BYTES -> {
        long announced = readVarint();
        start = at;
        skip(announced);
      }
      case FIXED32 -> skip(4);
      default ->
          throw new IllegalArgumentException("Expected a wire type of proto3, but " + (tag & 7));
    }
    return true;
  }

  int number() {
    return number;
  }

  long varint() {
    return varint;
  }

  byte[] bytes() {
    return Arrays.copyOfRange(message, start, start + length);
  }

  boolean is(byte[] expected) {
    return Arrays.equals(message, start, start + length, expected, 0, expected.length);
  }

  /** The field's bytes read as a message. */
  Fields nested() {
    return new Fields(message, start, length);
  }

  private void skip(long count) {
    if (count < 0 || count > end - at) {
      throw new IllegalArgumentException(
          "Expected a field of at most %d bytes, but %d".formatted(end - at, count));
    }
    length = (int) count;
    at += length;
  }

  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end) {
        throw new IllegalArgumentException("Expected a varint, but the message ends");
      }
      byte b = message[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("Expected a varint of at most ten bytes, but it goes on");
  }
}
