package dev.reprise.storage.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A growing array of bytes, shared by the writers of this package. Confined to one thread. */
final class Buffer {
  private static final VarHandle BIG_16 = view(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_32 = view(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle BIG_64 = view(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LITTLE_32 = view(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final int initialBytes;
  private byte[] bytes;
  private int size;

  Buffer(int initialBytes) {
    this.initialBytes = initialBytes;
    this.bytes = new byte[initialBytes];
  }

  int size() {
    return size;
  }

  byte[] array() {
    return bytes;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Empties the buffer; an array that grew beyond {@code keptBytes} is given back. */
  void reset(int keptBytes) {
    size = 0;
    if (bytes.length > keptBytes) {
      bytes = new byte[initialBytes];
    }
  }

  /** Takes back what was written after the first bytes. */
  void cut(int newSize) {
    if (newSize > size) {
      throw new IllegalArgumentException(
          "Expected at most " + size + " bytes to keep, but got " + newSize);
    }
    size = newSize;
  }

  void zeros(int count) {
    reserve(count);
    Arrays.fill(bytes, size, size + count, (byte) 0);
    size += count;
  }

  void put8(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  void put16(int value) {
    reserve(2);
    BIG_16.set(bytes, size, (short) value);
    size += 2;
  }

  void put32(int value) {
    reserve(4);
    BIG_32.set(bytes, size, value);
    size += 4;
  }

  void put64(long value) {
    reserve(8);
    BIG_64.set(bytes, size, value);
    size += 8;
  }

  /** Seven bits a byte, lowest first, the value taken as unsigned: 1 to 10 bytes. */
  void putVarint(long value) {
    reserve(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  void put(byte[] source, int offset, int length) {
    reserve(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
  }

  void putLittleEndian32(int offset, int value) {
    LITTLE_32.set(bytes, offset, value);
  }

  static int get16(byte[] source, int offset) {
    return (short) BIG_16.get(source, offset) & 0xFFFF;
  }

  static int get32(byte[] source, int offset) {
    return (int) BIG_32.get(source, offset);
  }

  static long get64(byte[] source, int offset) {
    return (long) BIG_64.get(source, offset);
  }

  private void reserve(int more) {
    if (more > bytes.length - size) {
      int needed = Math.addExact(size, more);
      int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
    }
  }

  private static VarHandle view(Class<?> arrayType, ByteOrder order) {
    return MethodHandles.byteArrayViewVarHandle(arrayType, order);
  }
}
