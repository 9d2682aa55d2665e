package dev.reprise.bench.endpoint;

/** Numbers inside of bytes that may hold anything. */
final class Digits {
  private Digits() {}

  /** The decimal number that begins at the first digit; 0 when there is none. */
  static long first(byte[] text) {
    int at = skip(text, 0, false);
    int end = skip(text, at, true);
    long number = 0;
    for (int i = at; i < end; i++) {
      number = number * 10 + (text[i] - '0');
    }
    return number;
  }

  private static int skip(byte[] text, int from, boolean digits) {
    int at = from;
    while (at < text.length && (text[at] >= '0' && text[at] <= '9') == digits) {
      at++;
    }
    return at;
  }
}
