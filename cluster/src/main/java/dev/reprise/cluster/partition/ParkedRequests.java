package dev.reprise.cluster.partition;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Requests that came while nobody here led: kept for a while, then refused. Bounded; one too many
 * is refused at once. Confined to the leader loop.
 */
final class ParkedRequests {
  private static final int LIMIT = 16_384;

  /** How often a request is looked at within the time that it may wait. */
  private static final int LOOKS = 16;

  private final Loop loop;
  private final LongSupplier nanos;
  private final Duration timeout;
  private final Deque<Request> parked = new ArrayDeque<>();
  private boolean watched;
  private boolean closed;

  private record Request(long deadlineNanos, Runnable retry, Runnable refuse) {}

  ParkedRequests(Loop loop, LongSupplier nanos, Duration timeout) {
    this.loop = loop;
    this.nanos = nanos;
    this.timeout = timeout;
  }

  /** One of the two is run later, once; at about the deadline at the latest. */
  void park(long deadlineNanos, Runnable retry, Runnable refuse) {
    if (closed || parked.size() >= LIMIT || deadlineNanos - nanos.getAsLong() <= 0) {
      refuse.run();
      return;
    }
    parked.add(new Request(deadlineNanos, retry, refuse));
    watch();
  }

  private void watch() {
    if (!watched) {
      watched = true;
      loop.schedule(timeout.dividedBy(LOOKS), this::refuseLate);
    }
  }

  private void refuseLate() {
    watched = false;
    long now = nanos.getAsLong();
    for (int left = parked.size(); left > 0; left--) {
      Request next = parked.poll();
      if (next == null) {
        return;
      }
      if (next.deadlineNanos() - now <= 0) {
        next.refuse().run();
      } else {
        parked.add(next);
      }
    }
    if (!parked.isEmpty()) {
      watch();
    }
  }

  /** Somebody leads here: all try again, in order. */
  void retry() {
    for (int left = parked.size(); left > 0 && !parked.isEmpty(); left--) {
      parked.poll().retry().run();
    }
  }

  /** Nobody will ever lead here again. */
  void close() {
    closed = true;
    while (!parked.isEmpty()) {
      parked.poll().refuse().run();
    }
  }
}
