package dev.reprise.server.text;

import java.time.Duration;

/**
 * Durations as people write them ({@code 10s}, {@code 1h 30m}, {@code 1.5 seconds}, {@code 1d
 * 02:00:00}) or as ISO 8601 has them ({@code PT10S}). Never negative; no unit above the day, for
 * months and years have no fixed length.
 */
public final class Durations {
  private Durations() {}

  /**
   * Reads either form.
   *
   * @throws IllegalArgumentException with a message fit for a client's eyes
   */
  public static Duration parse(String text) {
    try {
      return new DurationParser(text).parse();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "Expected a duration that can be counted, but '" + text + "' is too long", e);
    }
  }

  /** The friendly form, largest units first: {@code 1d}, {@code 1m 30s}, {@code 0s}. */
  public static String format(Duration duration) {
    StringBuilder out = new StringBuilder();
    append(out, duration.toDays(), "d");
    append(out, duration.toHoursPart(), "h");
    append(out, duration.toMinutesPart(), "m");
    append(out, duration.toSecondsPart(), "s");
    int nanos = duration.toNanosPart();
    append(out, nanos / 1_000_000, "ms");
    append(out, nanos / 1_000 % 1_000, "µs");
    append(out, nanos % 1_000, "ns");
    return out.isEmpty() ? "0s" : out.toString();
  }

  private static void append(StringBuilder out, long number, String unit) {
    if (number != 0) {
      if (!out.isEmpty()) {
        out.append(' ');
      }
      out.append(number).append(unit);
    }
  }
}
