package dev.reprise.server.invoker;

import dev.reprise.cluster.partition.Loop;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The wait before an invocation's next attempt. Confined to its invoker's loop. */
final class BackOff {
  private static final long LONGEST_MILLIS = Duration.ofDays(7).toMillis();

  private final EndpointInvoker invoker;
  private final Runnable due;
  private Loop.@Nullable Cancellable timer;
  private long dueMillis;

  /**
   * @param due called once the wait is over
   */
  BackOff(EndpointInvoker invoker, Runnable due) {
    this.invoker = invoker;
    this.due = due;
  }

  void begin(long delayMillis) {
    long delay = Math.min(delayMillis, LONGEST_MILLIS);
    dueMillis = invoker.nowMillis() + delay;
    invoker.node().counters().backingOffChanged(1);
    timer = invoker.host().loop().schedule(Duration.ofMillis(delay), this::over);
  }

  /** A wait that is over as soon as this has ended, however it has, or after so long. */
  void begin(CompletableFuture<?> awaited, long atMostMillis) {
    begin(atMostMillis);
    Loop.Cancellable begun = timer;
    var unused =
        awaited.whenComplete(
            (done, problem) ->
                invoker
                    .host()
                    .loop()
                    .execute(
                        () -> {
                          if (timer == begun) {
                            hurry();
                          }
                        }));
  }

  private void over() {
    if (timer != null) {
      timer = null;
      invoker.node().counters().backingOffChanged(-1);
      due.run();
    }
  }

  /** Ends the wait, if there is one, as if it were over. */
  void hurry() {
    if (timer != null) {
      timer.cancel();
      over();
    }
  }

  /** Nobody waits any more. */
  void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
      invoker.node().counters().backingOffChanged(-1);
    }
  }

  boolean waits() {
    return timer != null;
  }

  Instant until() {
    return Instant.ofEpochMilli(dueMillis);
  }
}
