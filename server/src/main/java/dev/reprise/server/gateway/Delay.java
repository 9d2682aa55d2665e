package dev.reprise.server.gateway;

import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.text.Durations;
import dev.reprise.server.text.Timestamps;
import java.time.Duration;

/** When a send is to start: {@code delay=10s}, or as it was written once, {@code delaySec=10}. */
final class Delay {
  /** No delay was asked for. */
  static final long NONE = -1;

  private Delay() {}

  /** The delay in milliseconds, or {@link #NONE}. */
  static long millis(RequestPath path) {
    if (path.query().isEmpty()) {
      return NONE;
    }
    String delay = path.parameter("delay");
    if (delay != null) {
      return toMillis(delay);
    }
    String seconds = path.parameter("delaySec");
    return seconds == null ? NONE : toMillis(wholeSeconds(seconds) + "s");
  }

  private static long toMillis(String text) {
    Duration duration;
    try {
      duration = Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(Reason.BAD_DELAY, "bad delay: " + e.getMessage());
    }
    if (duration.compareTo(Duration.ofMillis(Timestamps.MAX_MILLIS)) > 0) {
      throw new Refused(Reason.BAD_DELAY, "bad delay: Expected a start before the year 10000");
    }
    return duration.toMillis();
  }

  private static String wholeSeconds(String text) {
    boolean digits = !text.isEmpty() && text.length() <= 15;
    for (int i = 0; i < text.length() && digits; i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits) {
      throw new Refused(
          Reason.BAD_DELAY, "bad delaySec: Expected whole seconds, but got '" + text + "'");
    }
    return text;
  }
}
