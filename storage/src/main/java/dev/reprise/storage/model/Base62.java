package dev.reprise.storage.model;

import java.math.BigInteger;

/** Fixed-width base 62, digits then lower case then upper case, as identifiers are written. */
final class Base62 {
  private static final String ALPHABET =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final BigInteger BASE = BigInteger.valueOf(62);

  private static final long FIVE_DIGITS = 62L * 62 * 62 * 62 * 62;
  private static final long LOW_32 = 0xFFFF_FFFFL;

  private Base62() {}

  /** Writes an unsigned 64-bit number, left-padded with zeros. */
  static void append(StringBuilder text, long number, int width) {
    int start = text.length();
    text.repeat('0', width);
    long rest = number;
    for (int i = width - 1; i >= 0 && rest != 0; i--) {
      long quotient = Long.divideUnsigned(rest, 62);
      text.setCharAt(start + i, ALPHABET.charAt((int) (rest - quotient * 62)));
      rest = quotient;
    }
  }

  /** Writes an unsigned 128-bit number, left-padded with zeros. Every response carries one. */
  static void append(StringBuilder text, long high, long low, int width) {
    int start = text.length();
    text.repeat('0', width);
    long[] limbs = {high >>> 32, high & LOW_32, low >>> 32, low & LOW_32};
    // Five digits at a time: a remainder and a limb fit into 62 bits.
    for (int i = width - 1; i >= 0; ) {
      long five = divide(limbs);
      for (int digit = 0; digit < 5 && i >= 0; digit++, i--) {
        text.setCharAt(start + i, ALPHABET.charAt((int) (five % 62)));
        five /= 62;
      }
    }
  }

  /** Divides the number by 62 to the 5th and gives the remainder. */
  private static long divide(long[] limbs) {
    long remainder = 0;
    for (int i = 0; i < limbs.length; i++) {
      long part = remainder << 32 | limbs[i];
      limbs[i] = part / FIVE_DIGITS;
      remainder = part % FIVE_DIGITS;
    }
    return remainder;
  }

  /** Reads digits; at most {@code bits} may be set. */
  static BigInteger parse(String text, int from, int to, int bits) {
    BigInteger number = BigInteger.ZERO;
    for (int i = from; i < to; i++) {
      int digit = ALPHABET.indexOf(text.charAt(i));
      if (digit < 0) {
        throw new IllegalArgumentException(
            "Expected a base62 digit, but found '" + text.charAt(i) + "'");
      }
      number = number.multiply(BASE).add(BigInteger.valueOf(digit));
    }
    if (number.bitLength() > bits) {
      throw new IllegalArgumentException(
          "Expected a number of " + bits + " bits, but it is larger");
    }
    return number;
  }
}
