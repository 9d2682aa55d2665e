package dev.reprise.bench;

import java.time.Duration;

/** Times as people give them on the command line. */
final class Seconds {
  private Seconds() {}

  static Duration of(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
