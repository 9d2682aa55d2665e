package dev.reprise.cluster.partition;

import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import java.util.function.Consumer;

/**
 * What a front door may ask of the partitions. Any thread. Each answer comes exactly once, on a
 * loop's thread, and the receiver must not block it.
 */
public interface Ingress {
  /** Creates the invocation, or finds the one that is there; answered when that is durable. */
  void submit(NewInvocation invocation, Consumer<Answer> answer);

  /**
   * Creates the invocation, or finds the one that is there, and answers with its outcome.
   *
   * @return takes the waiting back; the invocation goes on
   */
  Loop.Cancellable call(NewInvocation invocation, Consumer<Answer> answer);

  /** Answers with the outcome of an invocation, as soon as there is one. */
  Loop.Cancellable attach(InvocationId id, Consumer<Answer> answer);

  /** Answers with the outcome of an invocation, if there is one now. */
  void output(InvocationId id, Consumer<Answer> answer);

  /** What became of a request. */
  sealed interface Answer {
    /**
     * Accepted and durable.
     *
     * @param created false when it had been there before this request
     * @param startsAtMillis when it is scheduled to start, 0 when it is not waiting for a time
     */
    record Accepted(InvocationId id, boolean created, long startsAtMillis) implements Answer {}

    /**
     * It has ended.
     *
     * @param retained whether the outcome was there before this request
     */
    record Ended(Completed completed, boolean retained) implements Answer {}

    /** A workflow runs once per key, and this one did or does. */
    record AlreadyInvoked(InvocationId id) implements Answer {}

    /** Nobody has this id, or not any more. */
    record NotFound(InvocationId id) implements Answer {}

    /** It has not ended. */
    record NotReady(InvocationId id) implements Answer {}

    /** Its outcome is not kept, so that only whoever called sees it. */
    record NotRetained(InvocationId id) implements Answer {}

    /** Nothing was done; the same request may be made again. */
    record Unavailable(String reason) implements Answer {}

    /** It may or may not have been done; only a request that names itself can be made again. */
    record OutcomeUnknown(String reason) implements Answer {}
  }
}
