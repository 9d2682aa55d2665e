package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the leader of one partition, by a door of its own node or through another node.
 * A question holds all that it needs to be asked again: ids and requests were drawn before.
 */
public sealed interface Question {
  /** A look at a partition as a whole, a page at a time. */
  sealed interface Look extends Question {}

  /** Create this invocation, or find the one that is there: {@code Accepted}. */
  record Submit(NewInvocation invocation) implements Question {}

  /** Create this invocation, or find the one that is there; replied with its outcome. */
  record Call(NewInvocation invocation) implements Question {}

  /** What is, or will be, its outcome? */
  record Attach(InvocationId id) implements Question {}

  /** What is its outcome now? */
  record Output(InvocationId id) implements Question {}

  /** What is it now? */
  record Find(InvocationId id) implements Question {}

  /** What is this promise of a workflow now? */
  record Peek(ObjectId workflow, String key) implements Question {}

  /**
   * What is the state of this object or workflow?
   *
   * @param limitBytes of keys and values
   */
  record State(ObjectId object, long limitBytes) implements Question {}

  /**
   * What invocations are there, by rising id?
   *
   * @param completed those that have completed and are kept; otherwise the open ones
   * @param service only of this service; empty for all
   * @param after only with ids behind this one; null for all
   * @param limit at most this many; there may be fewer on a page
   */
  record Page(boolean completed, String service, @Nullable InvocationId after, int limit)
      implements Look {}

  /**
   * At which levels of limits does something run or wait?
   *
   * @param after only levels behind this one; null for all
   * @param limit at most this many; there may be fewer on a page
   * @param rulesVersion no answer is given where the partition follows older rules than these
   */
  record Levels(@Nullable LimitLevel after, int limit, long rulesVersion) implements Look {}

  /**
   * What uses this deployment?
   *
   * @param registryVersion no answer is given where the registry is older than this: there, the
   *     deployment may be the latest still, so that more may come to use it
   * @param after only invocations with ids behind this one; null for all
   */
  record Uses(String deployment, long registryVersion, @Nullable InvocationId after)
      implements Look {}

  /** What is this invocation, and what is in its journal? */
  record Describe(InvocationId id) implements Question {}

  /** A signal, a promise's outcome, an operation or a state patch: what became of it? */
  record Change(Command command) implements Question {}

  /** Messages of another partition: how far has this one come? */
  record Deliver(Command.Deliver messages) implements Question {}

  /** Whether it changes nothing. */
  default boolean reads() {
    return switch (this) {
      case Attach it -> true;
      case Output it -> true;
      case Find it -> true;
      case Peek it -> true;
      case State it -> true;
      case Look it -> true;
      case Describe it -> true;
      case Submit it -> false;
      case Call it -> false;
      case Change it -> false;
      case Deliver it -> false;
    };
  }

  /**
   * Whether the partition knows the question again when it is asked a second time, so that it is
   * done once: an invocation, a promise and an awakeable remember who made them, as long as they
   * are remembered themselves; to be asked to cancel twice does no harm; messages have numbers.
   *
   * @param forMillis how long it may take until it is asked for the last time, in log time
   */
  default boolean knownAgain(long forMillis) {
    return switch (this) {
      case Submit it -> it.invocation().retention().completionMillis() >= forMillis;
      case Call it -> it.invocation().retention().completionMillis() >= forMillis;
      case Deliver it -> true;
      case Change it ->
          switch (it.command()) {
            case Command.SendSignal send -> send.signal().id().onlyOnce();
            case Command.CompletePromise complete -> true;
            case Command.Cancel cancel -> true;
            case Command.Restart restart -> true;
            default -> false;
          };
      case Attach it -> true;
      case Output it -> true;
      case Find it -> true;
      case Peek it -> true;
      case State it -> true;
      case Look it -> true;
      case Describe it -> true;
    };
  }
}
