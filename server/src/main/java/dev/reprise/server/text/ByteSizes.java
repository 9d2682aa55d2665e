package dev.reprise.server.text;

import java.util.Locale;
import java.util.Map;

/** Sizes as people write them: {@code 16KiB}, {@code 1.5 MiB}, {@code 64MB}, {@code 1024}. */
public final class ByteSizes {
  private static final Map<String, Long> UNITS =
      Map.of(
          "", 1L,
          "b", 1L,
          "kb", 1_000L,
          "mb", 1_000_000L,
          "gb", 1_000_000_000L,
          "kib", 1L << 10,
          "mib", 1L << 20,
          "gib", 1L << 30);

  private ByteSizes() {}

  /** In the largest unit that needs no fraction: {@code 64MiB}, {@code 1025B}. */
  public static String format(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB"};
    int unit = 0;
    long count = bytes;
    while (unit < units.length - 1 && count != 0 && count % 1_024 == 0) {
      count /= 1_024;
      unit++;
    }
    return count + units[unit];
  }

  /**
   * Reads a size in bytes.
   *
   * @throws IllegalArgumentException with a message fit for a person
   */
  public static long parse(String text) {
    String trimmed = text.trim();
    int digits = 0;
    while (digits < trimmed.length() && "0123456789.".indexOf(trimmed.charAt(digits)) >= 0) {
      digits++;
    }
    Long unit = UNITS.get(trimmed.substring(digits).trim().toLowerCase(Locale.ROOT));
    try {
      double bytes = Double.parseDouble(trimmed.substring(0, digits)) * (unit == null ? -1 : unit);
      if (bytes >= 0 && bytes <= Long.MAX_VALUE) {
        return (long) bytes;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "Expected a size such as 16KiB, 64MiB or a number of bytes, but got '" + text + "'");
  }
}
