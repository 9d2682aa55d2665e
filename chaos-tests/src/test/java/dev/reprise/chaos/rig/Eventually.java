package dev.reprise.chaos.rig;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waiting for what must come, never longer than a deadline. */
public final class Eventually {
  private static final Duration BETWEEN = Duration.ofMillis(10);

  private Eventually() {}

  /** Something that may still fail. */
  @FunctionalInterface
  public interface Expectation {
    void check() throws Exception;
  }

  /**
   * Repeats the check until it passes.
   *
   * @throws AssertionError after the deadline, with the last failure
   */
  public static void eventually(Duration deadline, Expectation expectation) {
    eventually(
        deadline,
        () -> {
          expectation.check();
          return true;
        });
  }

  /** Repeats the question until it is answered without failure. */
  public static <T> T eventually(Duration deadline, Callable<T> question) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      @Nullable Throwable last;
      try {
        return question.call();
      } catch (Exception | AssertionError e) {
        last = e;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("Expected it within " + deadline + ", but: " + last, last);
      }
      pause(BETWEEN);
    }
  }

  /** Lets a little time pass between two looks at something. */
  public static void pause(Duration duration) {
    if (Thread.currentThread().isInterrupted()) {
      throw new AssertionError("Interrupted: the test's own deadline is over");
    }
    LockSupport.parkNanos(duration.toNanos());
  }
}
