package dev.reprise.cluster.metadata;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings this node's copy of the metadata to where the metadata was when somebody asked, so that
 * "there is none" is said of what was registered nowhere, and not of what this node has missed.
 *
 * <p>It puts an entry into the metadata's log and waits until that one is applied here: a majority
 * has it, so no old leader can answer. All who ask while one is under way share the next one, and
 * there are at most five a second. Any thread; never blocks.
 */
public final class CatchingUp {
  private static final Duration BETWEEN = Duration.ofMillis(200);
  private static final Duration AGAIN = Duration.ofMillis(100);

  /** An election takes one to two seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Null for a node that is alone. */
  private final @Nullable Registrar registrar;

  private final LongSupplier nanos;
  private final Executor background;

  // Guarded by this.
  private @Nullable CompletableFuture<Void> next;
  private boolean underWay;
  private long begunAt;

  private CatchingUp(@Nullable Registrar registrar, LongSupplier nanos, Executor background) {
    this.registrar = registrar;
    this.nanos = nanos;
    this.background = background;
    this.begunAt = nanos.getAsLong() - BETWEEN.toNanos();
  }

  /**
   * For a node that has others.
   *
   * @param nanos a clock that only runs forward
   * @param background what waits is told on it
   */
  public static CatchingUp with(Registrar registrar, LongSupplier nanos, Executor background) {
    return new CatchingUp(registrar, nanos, background);
  }

  /** For a node that is alone: it has missed nothing. */
  public static CatchingUp alone() {
    return new CatchingUp(null, () -> 0, Runnable::run);
  }

  /** Whether there can be something that this node has missed. */
  public boolean canHaveMissed() {
    return registrar != null;
  }

  /**
   * Completes once this node knows all that was acknowledged anywhere before this call; within
   * seconds exceptionally, with {@link MetadataUnavailableException}, when that cannot be had.
   */
  public synchronized CompletableFuture<Void> toNow() {
    if (registrar == null) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> waited = next;
    if (waited == null) {
      waited = new CompletableFuture<>();
      next = waited;
      if (!underWay) {
        underWay = true;
        beginInTime();
      }
    }
    return waited.copy();
  }

  /** Under the lock. */
  private void beginInTime() {
    long wait = Math.max(0, begunAt + BETWEEN.toNanos() - nanos.getAsLong());
    CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS, background).execute(this::begin);
  }

  private void begin() {
    CompletableFuture<Void> served;
    synchronized (this) {
      served = next;
      next = null;
      begunAt = nanos.getAsLong();
    }
    if (served != null) {
      ask(served, nanos.getAsLong() + PATIENCE.toNanos());
    }
  }

  private void ask(CompletableFuture<Void> served, long deadline) {
    long left = Math.max(1, deadline - nanos.getAsLong());
    var unused =
        proposed()
            .orTimeout(left, TimeUnit.NANOSECONDS)
            .whenCompleteAsync(
                (done, problem) -> {
                  if (problem == null) {
                    end(served, null);
                  } else if (deadline - nanos.getAsLong() > AGAIN.toNanos()) {
                    CompletableFuture.delayedExecutor(
                            AGAIN.toNanos(), TimeUnit.NANOSECONDS, background)
                        .execute(() -> ask(served, deadline));
                  } else {
                    end(served, problem);
                  }
                },
                background);
  }

  private CompletableFuture<MetadataResult> proposed() {
    Registrar asked = registrar;
    try {
      return asked == null
          ? CompletableFuture.completedFuture(new MetadataResult.CaughtUp())
          : asked.propose(new MetadataCommand.CatchUp());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void end(CompletableFuture<Void> served, @Nullable Throwable problem) {
    synchronized (this) {
      underWay = next != null;
      if (underWay) {
        beginInTime();
      }
    }
    if (problem == null) {
      served.complete(null);
    } else {
      served.completeExceptionally(
          new MetadataUnavailableException(
              "Expected to hear within "
                  + PATIENCE.toSeconds()
                  + " s what was registered elsewhere, but did not: the metadata has no leader that"
                  + " a majority follows, or this node cannot reach it; try again"));
    }
  }
}
