package dev.reprise.server.http;

import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The date header's value, made once per second. Any thread. */
final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private record Second(long second, AsciiString text) {}

  private static volatile Second last = new Second(-1, AsciiString.EMPTY_STRING);

  private HttpDate() {}

  static AsciiString now() {
    long second = System.currentTimeMillis() / 1000;
    Second known = last;
    if (known.second != second) {
      AsciiString text = new AsciiString(FORMAT.format(Instant.ofEpochSecond(second)));
      known = new Second(second, text);
      last = known;
    }
    return known.text;
  }
}
