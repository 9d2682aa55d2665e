package dev.reprise.cluster.partition;

import java.time.Duration;

/**
 * The one thread on which a partition's leader lives: an event loop that also owns the endpoint
 * connections of that partition's attempts. In a simulation it is a queue.
 */
public interface Loop {
  /** Runs the task on the loop, after what was handed over before. Any thread; never blocks. */
  void execute(Runnable task);

  /** Runs the task on the loop after the delay, which is a minimum. Any thread. */
  Cancellable schedule(Duration delay, Runnable task);

  /** Whether the caller is on the loop. */
  boolean inLoop();

  /** Something that can be taken back. */
  @FunctionalInterface
  interface Cancellable {
    /** Takes it back if it has not happened yet. On the loop's thread. */
    void cancel();
  }
}
