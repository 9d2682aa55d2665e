package dev.reprise.cluster.log.ratis.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How long nothing was heard of a server, by whichever log there is with it. Any thread. */
final class Silence {
  private static final long HEARD_MILLIS = 1_000;
  private static final long TOO_LONG_MILLIS = 5_000;
  private static final long TOO_LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(TOO_LONG_MILLIS);

  private final LongSupplier nanos;
  private final AtomicLong since;
  private final AtomicInteger times = new AtomicInteger();

  /**
   * @param nanos as {@link System#nanoTime}
   */
  Silence(LongSupplier nanos) {
    this.nanos = nanos;
    this.since = new AtomicLong(nanos.getAsLong());
  }

  /**
   * Whether it is time for a new connection, and for which one since the server was heard last, 1
   * for the first; 0 when it is not, until another while has passed.
   *
   * @param millis since one of the logs heard of the server
   */
  int tooLong(long millis) {
    if (millis < HEARD_MILLIS) {
      since.lazySet(nanos.getAsLong());
      times.lazySet(0);
      return 0;
    }
    long began = since.get();
    long now = nanos.getAsLong();
    boolean isTime =
        millis > TOO_LONG_MILLIS && now - began > TOO_LONG_NANOS && since.compareAndSet(began, now);
    return isTime ? times.incrementAndGet() : 0;
  }
}
