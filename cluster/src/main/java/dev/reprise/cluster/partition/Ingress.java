package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

  /**
   * Answers with the invocation as it is now: {@link Answer.Open}, {@link Answer.Ended} or {@link
   * Answer.NotFound}.
   */
  void find(InvocationId id, Consumer<Answer> answer);

  /**
   * Gives a signal to an invocation, also to one that has not started: {@link Answer.Done}, or
   * {@link Answer.Refused} as {@code DECIDED}, {@code COMPLETED} or {@code NOT_FOUND}. An awakeable
   * is the signal of its index.
   *
   * @param request drawn by who received it; the same request gets its first answer again
   */
  void signal(InvocationId target, Signal signal, RequestId request, Consumer<Answer> answer);

  /**
   * Decides a workflow's promise: {@link Answer.Done}, or {@link Answer.Refused} as {@code
   * DECIDED}. It need not have been asked for yet.
   *
   * @param request drawn by who received it; the same request gets its first answer again
   */
  void completePromise(
      ObjectId workflow, String key, Outcome outcome, RequestId request, Consumer<Answer> answer);

  /** Answers what a workflow's promise is now: {@link Answer.Peeked}. */
  void peekPromise(ObjectId workflow, String key, Consumer<Answer> answer);

  /**
   * Does something to an invocation: {@link Answer.Done}; {@link Answer.Requested} where the code
   * has to see it first (a cancel, a pause); {@link Answer.Accepted} with the id of the invocation
   * that a restart made; or {@link Answer.Refused}.
   *
   * <p>Where nobody knows what became of it, the answer is {@link Answer.OutcomeUnknown}.
   */
  void manage(Command.Operation operation, Consumer<Answer> answer);

  /**
   * Answers with an object's or a workflow's state: {@link Answer.State}.
   *
   * @param limitBytes of keys and values
   */
  void state(ObjectId object, long limitBytes, Consumer<Answer> answer);

  /**
   * Replaces an object's or a workflow's state: {@link Answer.Done}; {@link Answer.Requested} when
   * an invocation has the key, and it is to be done after it (unless the version is another then);
   * or {@link Answer.Refused} as {@code OTHER_VERSION} or {@code TOO_MANY}.
   */
  void patchState(ObjectId object, StatePatch patch, Consumer<Answer> answer);

  /** What became of a request. */
  sealed interface Answer {
    /** It took effect. */
    record Done() implements Answer {}

    /** It is durable, and takes effect later. */
    record Requested() implements Answer {}

    /**
     * It asked for something that does not hold, and changed nothing.
     *
     * @param reason fit for a person
     */
    record Refused(Result.Rejection why, String reason) implements Answer {}

    /** It has not ended; as it is now. */
    record Open(Invocation invocation) implements Answer {}

    /**
     * A promise.
     *
     * @param outcome null while it is open
     */
    record Peeked(@Nullable Outcome outcome) implements Answer {}

    /**
     * An object's state, in the order of its keys.
     *
     * @param complete false when there is more than was asked for
     */
    record State(List<StateEntry> entries, boolean complete) implements Answer {
      public State {
        entries = List.copyOf(entries);
      }
    }

    /**
     * Some invocations, by rising id.
     *
     * @param next where to go on
     */
    record Page(List<Inspection.Listed> rows, Inspection.Next next) implements Answer {
      public Page {
        rows = List.copyOf(rows);
      }
    }

    /**
     * Some levels of limits, in the order of their names.
     *
     * @param next where to go on; null when there is no more
     */
    record Levels(List<Inspection.Level> rows, @Nullable LimitLevel next) implements Answer {
      public Levels {
        rows = List.copyOf(rows);
      }
    }

    /**
     * What uses a deployment.
     *
     * @param underWay attempts that may yet pin their invocations to it, whatever page was asked
     *     for
     * @param pinned invocations on this page that are pinned to it
     * @param next where to go on
     */
    record Uses(int underWay, int pinned, Inspection.Next next) implements Answer {}

    /**
     * An invocation.
     *
     * @param protocolVersion 0 before the first attempt
     * @param journal its first entries; immutable
     * @param end null while it is open
     */
    record Described(
        Inspection.Listed row,
        String idempotencyKey,
        int protocolVersion,
        List<Inspection.Entry> journal,
        Inspection.@Nullable End end)
        implements Answer {}

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
