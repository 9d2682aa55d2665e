package dev.reprise.storage.kv;

/** Checks of numbers before they are written. */
final class Ranges {
  private Ranges() {}

  static long unsigned(long value, int bits) {
    if (value < 0 || value >>> bits != 0) {
      throw new IllegalArgumentException(
          "Expected a number of " + bits + " bits, but got " + value);
    }
    return value;
  }
}
