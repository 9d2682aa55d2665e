package dev.reprise.cluster.log.simulated;

import java.util.PriorityQueue;

/**
 * The only clock and the only scheduler of a simulation: a queue of (virtual milliseconds, order of
 * scheduling). Confined to the simulation's thread.
 */
public final class SimulatedTime {
  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private long now;
  private long sequence;

  /** Something to come; it can be called off. */
  public interface Task {
    /** Does nothing if it ran already. */
    void cancel();
  }

  private static final class Due implements Task, Comparable<Due> {
    private final long at;
    private final long order;
    private final Runnable action;
    private boolean cancelled;

    private Due(long at, long order, Runnable action) {
      this.at = at;
      this.order = order;
      this.action = action;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  /** Virtual milliseconds since the simulation began. */
  public long nowMillis() {
    return now;
  }

  /** Runs {@code action} after a delay in virtual milliseconds; 0 means after what is due now. */
  public Task after(long delayMillis, Runnable action) {
    if (delayMillis < 0) {
      throw new IllegalArgumentException("Expected a delay from 0, but got " + delayMillis);
    }
    Due due = new Due(now + delayMillis, sequence++, action);
    queue.add(due);
    return due;
  }

  /** Goes on to the next thing due and runs it; false if nothing is left. */
  public boolean runNext() {
    for (Due due = queue.poll(); due != null; due = queue.poll()) {
      if (!due.cancelled) {
        now = due.at;
        due.action.run();
        return true;
      }
    }
    return false;
  }

  /** Runs everything due within the next milliseconds, then stands there. */
  public void runFor(long millis) {
    long end = now + millis;
    while (nextIsDueBy(end)) {
      runNext();
    }
    now = end;
  }

  private boolean nextIsDueBy(long end) {
    for (Due due = queue.peek(); due != null && due.cancelled; due = queue.peek()) {
      queue.poll();
    }
    Due next = queue.peek();
    return next != null && next.at <= end;
  }
}
