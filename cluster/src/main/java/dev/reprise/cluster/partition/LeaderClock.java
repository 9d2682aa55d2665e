package dev.reprise.cluster.partition;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A leader's time: the wall's when it was elected, and from then on only forwards, by a monotonic
 * clock. A wall clock that jumps while it leads changes nothing.
 */
final class LeaderClock implements LongSupplier {
  private final long wallMillis;
  private final long startNanos;
  private final LongSupplier nanos;

  LeaderClock(InstantSource wall, LongSupplier nanos) {
    this.wallMillis = wall.millis();
    this.nanos = nanos;
    this.startNanos = nanos.getAsLong();
  }

  @Override
  public long getAsLong() {
    return wallMillis + (nanos.getAsLong() - startNanos) / 1_000_000;
  }
}
