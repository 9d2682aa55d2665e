package dev.reprise.cluster.log.ratis.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How long nothing was heard of a server, by whichever log there is with it. Any thread. */
final class Silence {
  private static final long HEARD_MILLIS = 1_000;
  private static final long TOO_LONG_MILLIS = 5_000;
  private static final long TOO_LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(TOO_LONG_MILLIS);

  private final LongSupplier nanos;
  private final AtomicLong since;

  /**
   * @param nanos as {@link System#nanoTime}
   */
  Silence(LongSupplier nanos) {
    this.nanos = nanos;
    this.since = new AtomicLong(nanos.getAsLong());
  }

  /**
   * Whether it is time for a new connection; true once, then not for another while.
   *
   * @param millis since one of the logs heard of the server
   */
  boolean isTooLong(long millis) {
    if (millis < HEARD_MILLIS) {
      since.lazySet(nanos.getAsLong());
      return false;
    }
    long began = since.get();
    long now = nanos.getAsLong();
    return millis > TOO_LONG_MILLIS
        && now - began > TOO_LONG_NANOS
        && since.compareAndSet(began, now);
  }
}
