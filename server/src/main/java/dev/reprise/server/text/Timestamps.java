package dev.reprise.server.text;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments as the APIs write them, always UTC. */
public final class Timestamps {
  /** The last moment that has four digits of year. */
  public static final long MAX_MILLIS = 253_402_300_799_999L;

  private static final DateTimeFormatter NANOS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'+00:00'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Timestamps() {}

  /** Such as {@code 2026-11-22T10:22:14.568000000Z}. */
  public static String nanos(long epochMillis) {
    return NANOS.format(Instant.ofEpochMilli(Math.min(epochMillis, MAX_MILLIS)));
  }

  /** Such as {@code 2026-11-23T09:22:14.739+00:00}. */
  public static String millis(long epochMillis) {
    return MILLIS.format(Instant.ofEpochMilli(Math.min(epochMillis, MAX_MILLIS)));
  }
}
