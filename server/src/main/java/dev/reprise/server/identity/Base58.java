package dev.reprise.server.identity;

import java.math.BigInteger;

/** Bytes as text in 58 characters that are not taken for each other. */
final class Base58 {
  private static final String ALPHABET =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(58);

  private Base58() {}

  static String encode(byte[] bytes) {
    StringBuilder reversed = new StringBuilder();
    BigInteger left = new BigInteger(1, bytes);
    while (left.signum() > 0) {
      BigInteger[] parts = left.divideAndRemainder(BASE);
      reversed.append(ALPHABET.charAt(parts[1].intValue()));
      left = parts[0];
    }
    // A number has no leading zeros, bytes have.
    for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
      reversed.append(ALPHABET.charAt(0));
    }
    return reversed.reverse().toString();
  }
}
