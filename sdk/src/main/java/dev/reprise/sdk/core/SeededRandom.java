package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Chance that a replay repeats: xoshiro256++, its state filled by SplitMix64 from a seed. Its
 * numbers follow from the seed alone and are the same in each version of Java.
 *
 * <p>Confined to one thread.
 */
public final class SeededRandom implements RandomGenerator {
  private static final double DOUBLE_UNIT = 0x1.0p-53;
  private static final long DOUBLE_BITS = (1L << 53) - 1;

  private long a;
  private long b;
  private long c;
  private long d;

  public SeededRandom(long seed) {
    long golden = 0x9E3779B97F4A7C15L;
    a = mix(seed + golden);
    b = mix(seed + 2 * golden);
    c = mix(seed + 3 * golden);
    d = mix(seed + 4 * golden);
  }

  /** A seed for servers that send none. */
  static long seedOf(ByteString invocationId) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(invocationId.toByteArray());
      return java.nio.ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256 in every JDK, but it is missing", e);
    }
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  @Override
  public long nextLong() {
    long result = Long.rotateLeft(a + d, 23) + a;
    long shifted = b << 17;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = Long.rotateLeft(d, 45);
    return result;
  }

  @Override
  public double nextDouble() {
    return (nextLong() & DOUBLE_BITS) * DOUBLE_UNIT;
  }

  /** A version 4 UUID of two numbers. */
  public UUID nextUuid() {
    long most = Long.reverseBytes(nextLong());
    long least = Long.reverseBytes(nextLong());
    return new UUID(
        (most & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L,
        (least & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
  }
}
