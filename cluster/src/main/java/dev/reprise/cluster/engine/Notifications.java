package dev.reprise.cluster.engine;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.codec.JournalFrames;
import dev.reprise.cluster.codec.JournalReader;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.Waiter;
import dev.reprise.storage.table.Keys;
import org.jspecify.annotations.Nullable;

/** How invocations come to wait, are told, and are woken. */
final class Notifications {
  /** Why an invocation is paused that somebody wanted to be. */
  static final String PAUSED = "paused by request";

  /** The journal command with this completion waits from now on. */
  void await(OpenInvocation invocation, int completionId, Pending reason, ApplyContext ctx) {
    Keys.Pending key = new Keys.Pending(invocation.current().id(), completionId);
    Invariant.hold(completionId != 0, "Expected a completion id from 1, but got 0");
    // Where nothing is pending, as before most steps, there is no need to ask the store.
    if (invocation.pending() > 0 && ctx.tables().pending().contains(key)) {
      throw new Invariant.Broken(
          "Expected completion id " + completionId + " to be new, but it is pending");
    }
    ctx.tables().pending().insert(key, reason);
    invocation.addPending(1);
  }

  /**
   * A completion has arrived. Only the first one counts: what is not pending any more has been
   * answered before, or its invocation has moved on.
   */
  void complete(
      OpenInvocation invocation, int completionId, int type, Bytes payload, ApplyContext ctx) {
    Keys.Pending waiting = new Keys.Pending(invocation.current().id(), completionId);
    if (invocation.pending() == 0 || !ctx.tables().pending().contains(waiting)) {
      return;
    }
    ctx.tables().pending().delete(waiting);
    invocation.addPending(-1);
    tell(invocation, new JournalEntry(type, payload), ctx);
    if (invocation.status() instanceof Status.Suspended suspended) {
      wake(invocation, suspended.awaiting(), new Arrival(completionId, null, payload), ctx);
    }
  }

  /** A step has a result; it answers steps and nothing else. */
  void ran(OpenInvocation invocation, Statement.RunCompleted run, ApplyContext ctx) {
    Keys.Pending key = new Keys.Pending(invocation.id(), run.completionId());
    if (invocation.pending() > 0 && ctx.tables().pending().find(key) instanceof Pending.Run) {
      complete(invocation, run.completionId(), MessageType.RUN_COMPLETION, run.notification(), ctx);
    }
  }

  /** Something that was asked of another invocation, or of a promise, is known now. */
  void answer(Waiter waiter, Outcome outcome, ApplyContext ctx) {
    OpenInvocation asking = ctx.find(waiter.id(), waiter.incarnation());
    if (asking == null) {
      return;
    }
    int completion = waiter.completionId();
    int type =
        switch (ctx.tables().pending().find(new Keys.Pending(waiter.id(), completion))) {
          case Pending.Call call -> MessageType.CALL_COMPLETION;
          case Pending.Attach attach -> MessageType.ATTACH_INVOCATION_COMPLETION;
          case Pending.Output output -> MessageType.GET_INVOCATION_OUTPUT_COMPLETION;
          case Pending.Promise promise -> MessageType.GET_PROMISE_COMPLETION;
          case Pending.Run run -> 0;
          case Pending.Sleep sleep -> 0;
          case null -> 0;
        };
    if (type != 0) {
      complete(asking, completion, type, JournalFrames.outcome(completion, outcome), ctx);
    }
  }

  /** The invocation whose output was asked for has none yet. */
  void notReady(Waiter waiter, ApplyContext ctx) {
    OpenInvocation asking = ctx.find(waiter.id(), waiter.incarnation());
    int completion = waiter.completionId();
    Keys.Pending key = new Keys.Pending(waiter.id(), completion);
    if (asking != null && ctx.tables().pending().find(key) instanceof Pending.Output) {
      Bytes nothing = JournalFrames.done(completion);
      complete(asking, completion, MessageType.GET_INVOCATION_OUTPUT_COMPLETION, nothing, ctx);
    }
  }

  /** Appends a signal, and wakes whoever waits for it. */
  int signal(OpenInvocation invocation, SignalId id, Bytes payload, ApplyContext ctx) {
    int at = tell(invocation, new JournalEntry(MessageType.SIGNAL, payload), ctx);
    if (invocation.status() instanceof Status.Suspended suspended) {
      wake(invocation, suspended.awaiting(), new Arrival(0, id, payload), ctx);
    }
    return at;
  }

  /** Appends a notification, for the running attempt to hear, and says where. */
  int tell(OpenInvocation invocation, JournalEntry notification, ApplyContext ctx) {
    int at = ctx.append(invocation, false, notification);
    if (invocation.status() instanceof Status.Invoked) {
      Invocation current = invocation.current();
      ctx.emit(new Action.NotifyAttempt(current.id(), current.incarnation(), at, notification));
    }
    return at;
  }

  private static void wake(
      OpenInvocation invocation, Awaiting awaiting, Awaited.Leaves arrived, ApplyContext ctx) {
    Awaiting rest = Awaited.rest(awaiting, arrived);
    if (rest == null) {
      Limits.run(invocation, null, ctx);
    } else if (!rest.equals(awaiting)) {
      invocation.become(new Status.Suspended(rest));
    }
  }

  /** One notification that has just come; all others have been taken out of the tree before. */
  private record Arrival(int completion, @Nullable SignalId signal, Bytes payload)
      implements Awaited.Leaves {
    @Override
    public boolean has(int id) {
      return signal == null && id == completion;
    }

    @Override
    public boolean has(SignalId id) {
      return id.equals(signal);
    }

    @Override
    public boolean failed(int id) {
      return JournalReader.failed(payload);
    }

    @Override
    public boolean failed(SignalId id) {
      return JournalReader.failed(payload);
    }
  }

  /**
   * Suspends, unless what it waits for arrived while it was making up its mind. Nor where it waits
   * for a step: only an attempt can bring that result, so the next one has to.
   */
  void suspend(Awaiting awaiting, OpenInvocation invocation, ApplyContext ctx) {
    if (Status.PAUSING.equals(invocation.status())) {
      stop(invocation, new Status.Paused(PAUSED), ctx);
      return;
    }
    JournaledLeaves leaves = new JournaledLeaves(invocation, ctx);
    Awaiting rest = Awaited.rest(awaiting, leaves);
    if (rest == null || leaves.waitForStep()) {
      invocation.start(null);
    } else {
      stop(invocation, new Status.Suspended(rest), ctx);
    }
  }

  /** One that has run does so no more, and others may have its places under limits. */
  static void stop(OpenInvocation invocation, Status status, ApplyContext ctx) {
    invocation.become(status);
    Limits.release(invocation.current(), ctx);
  }
}
