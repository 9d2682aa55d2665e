package dev.reprise.server.ingress;

import dev.reprise.server.ingress.Refused.Reason;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the requests of all doors that wait for an answer, and bounds them. Any thread. */
public final class Waiting {
  private final AtomicInteger count = new AtomicInteger();
  private final int max;

  /**
   * Nobody waits yet.
   *
   * @param max how many may wait before more are refused
   */
  public Waiting(int max) {
    this.max = max;
  }

  /** Throws {@link Refused} when as many wait as may. A few at once may slip through. */
  public void expectRoom() {
    if (count.get() >= max) {
      throw new Refused(
          Reason.TOO_MANY_REQUESTS, "Expected fewer than " + max + " requests at a time");
    }
  }

  /** One more waits, until it {@link #left}. */
  public void entered() {
    count.incrementAndGet();
  }

  public void left() {
    count.decrementAndGet();
  }

  public int count() {
    return count.get();
  }
}
