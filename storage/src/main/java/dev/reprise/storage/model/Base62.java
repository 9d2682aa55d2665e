package dev.reprise.storage.model;

import java.math.BigInteger;

/** Fixed-width base 62, digits then lower case then upper case, as identifiers are written. */
final class Base62 {
  private static final String ALPHABET =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final BigInteger BASE = BigInteger.valueOf(62);

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

  /** Writes an unsigned 128-bit number, left-padded with zeros. */
  static void append(StringBuilder text, long high, long low, int width) {
    BigInteger rest = unsigned(high).shiftLeft(64).or(unsigned(low));
    int start = text.length();
    text.repeat('0', width);
    for (int i = width - 1; i >= 0 && rest.signum() != 0; i--) {
      BigInteger[] parts = rest.divideAndRemainder(BASE);
      text.setCharAt(start + i, ALPHABET.charAt(parts[1].intValue()));
      rest = parts[0];
    }
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

  private static BigInteger unsigned(long number) {
    return number >= 0
        ? BigInteger.valueOf(number)
        : BigInteger.valueOf(number).add(BigInteger.ONE.shiftLeft(64));
  }
}
