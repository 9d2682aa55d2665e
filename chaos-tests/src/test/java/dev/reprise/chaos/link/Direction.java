package dev.reprise.chaos.link;

import java.time.Duration;

/** What happens to all that travels from one node to another. Any thread. */
final class Direction {
  private boolean cut;
  private long delayNanos;

  synchronized void cut() {
    cut = true;
  }

  synchronized void delay(Duration by) {
    delayNanos = by.toNanos();
  }

  synchronized void heal() {
    cut = false;
    delayNanos = 0;
    notifyAll();
  }

  /** When what comes now is to arrive, on the clock of {@link System#nanoTime}. */
  synchronized long arrival() {
    return System.nanoTime() + delayNanos;
  }

  /** Waits while it is cut. */
  synchronized void awaitOpen() throws InterruptedException {
    while (cut) {
      wait();
    }
  }
}
