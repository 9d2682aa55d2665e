package dev.reprise.server.ingress;

import dev.reprise.cluster.metadata.CatchingUp;
import dev.reprise.server.ingress.Refused.Reason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * What is refused for a name that this node does not know may be registered elsewhere: it is asked
 * again, once, after the node has caught up with the metadata. So is what cannot be told of an
 * outcome without its handler. Any thread.
 */
public final class Afresh {
  private final CatchingUp catchingUp;

  public Afresh(CatchingUp catchingUp) {
    this.catchingUp = catchingUp;
  }

  /** Whether it is to be asked again after {@link #caughtUp}. */
  public boolean mayHelp(Refused refused) {
    return catchingUp.canHaveMissed()
        && (refused.reason() == Reason.SERVICE_NOT_FOUND
            || refused.reason() == Reason.HANDLER_NOT_FOUND);
  }

  /**
   * Completes once this node knows all that was registered before this call. Exceptionally with
   * {@link Refused} when that cannot be had: then nobody knows whether the name is registered, and
   * "not found" would be final for a client, so it is told to try again.
   */
  public CompletableFuture<Void> caughtUp() {
    return catchingUp
        .toNow()
        .exceptionallyCompose(
            problem -> {
              Throwable cause = problem.getCause() == null ? problem : problem.getCause();
              return CompletableFuture.failedFuture(
                  new Refused(Reason.UNAVAILABLE, String.valueOf(cause.getMessage())));
            });
  }

  /** What a client is told when {@link #caughtUp} ended with this problem. */
  public static Refused refusal(Throwable problem) {
    Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
    return cause instanceof Refused refused
        ? refused
        : new Refused(Reason.UNAVAILABLE, String.valueOf(problem.getMessage()));
  }

  /** Does it, and once more where that may help. Blocks then. */
  public <T> T attempt(Supplier<T> work) {
    try {
      return work.get();
    } catch (Refused e) {
      if (!mayHelp(e)) {
        throw e;
      }
      try {
        caughtUp().join();
      } catch (CompletionException unknown) {
        throw refusal(unknown);
      }
      return work.get();
    }
  }
}
