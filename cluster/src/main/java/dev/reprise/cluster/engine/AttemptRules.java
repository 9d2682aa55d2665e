package dev.reprise.cluster.engine;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.codec.JournalFrames;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.model.Waiter;
import dev.reprise.storage.table.Keys;
import java.util.List;

/** What an attempt may bring about. */
final class AttemptRules {
  private final Lifecycle lifecycle;
  private final Outbox outbox;
  private final StateRules state;

  AttemptRules(Lifecycle lifecycle, Outbox outbox) {
    this.lifecycle = lifecycle;
    this.outbox = outbox;
    this.state = new StateRules(lifecycle);
  }

  /**
   * Only the newest attempt of the life it was begun for is listened to, and only without a gap.
   */
  Result said(Command.AttemptSaid said, ApplyContext ctx) {
    OpenInvocation invocation = ctx.find(said.id(), said.incarnation());
    if (invocation == null
        || !(invocation.status() instanceof Status.Invoked)
        || said.attempt().epoch() != ctx.epoch()
        || said.attempt().compareTo(invocation.attempt()) < 0
        || said.firstCommand() < invocation.commands()) {
      return Result.STALE;
    }
    if (said.firstCommand() > invocation.commands()) {
      return new Result.Gap(invocation.commands());
    }
    if (endsWithoutOutput(said.statements(), invocation)) {
      return new Result.Rejected(
          Result.Rejection.NO_OUTPUT, "Expected an output before the end, but there is none");
    }
    invocation.heard(said.attempt(), said.pin());
    boolean left = false;
    for (Statement statement : said.statements()) {
      Invariant.hold(!left, "Expected nothing from an attempt that has left, but it went on");
      apply(statement, invocation, ctx);
      left = leaves(statement);
    }
    return Result.DONE;
  }

  private static boolean endsWithoutOutput(List<Statement> said, OpenInvocation invocation) {
    return invocation.output() < 0
        && said.stream().anyMatch(it -> it instanceof Statement.Ended)
        && said.stream().noneMatch(AttemptRules::isOutput);
  }

  private static boolean isOutput(Statement statement) {
    return statement instanceof Statement.Journaled it && it.type() == MessageType.OUTPUT;
  }

  private static boolean leaves(Statement statement) {
    return switch (statement) {
      case Statement.Suspended it -> true;
      case Statement.Ended it -> true;
      case Statement.Failed it -> true;
      case Statement.Paused it -> true;
      case Statement.Journaled it -> false;
      case Statement.Called it -> false;
      case Statement.Signaled it -> false;
      case Statement.Attached it -> false;
      case Statement.RunCompleted it -> false;
    };
  }

  private void apply(Statement statement, OpenInvocation invocation, ApplyContext ctx) {
    switch (statement) {
      case Statement.Journaled journaled -> journal(journaled, invocation, ctx);
      case Statement.Called called -> call(called, invocation, ctx);
      case Statement.Signaled signaled -> throw new Invariant.Broken("No rule for signals yet");
      case Statement.Attached attached -> throw new Invariant.Broken("No rule for attach yet");
      case Statement.RunCompleted run ->
          lifecycle.complete(
              invocation, run.completionId(), MessageType.RUN_COMPLETION, run.notification(), ctx);
      case Statement.Suspended suspended -> suspend(suspended.awaiting(), invocation, ctx);
      case Statement.Ended ended -> end(invocation, ctx);
      case Statement.Failed failed -> lifecycle.end(invocation, failed.failure(), ctx);
      case Statement.Paused paused -> invocation.become(new Status.Paused(paused.reason()));
    }
  }

  private void journal(Statement.Journaled journaled, OpenInvocation invocation, ApplyContext ctx) {
    int at = ctx.append(invocation, true, new JournalEntry(journaled.type(), journaled.payload()));
    switch (journaled.type()) {
      case MessageType.OUTPUT -> invocation.outputAt(at);
      case MessageType.RUN ->
          await(invocation, JournalFrames.run(journaled.payload()), Pending.RUN, ctx);
      case MessageType.SLEEP -> sleep(JournalFrames.sleep(journaled.payload()), invocation, ctx);
      default -> state.apply(journaled.type(), journaled.payload(), invocation, ctx);
    }
  }

  /** Registers a timer: it fires through a command, and is in the table until then. */
  private static void sleep(
      JournalFrames.Sleep sleep, OpenInvocation invocation, ApplyContext ctx) {
    await(invocation, sleep.completionId(), new Pending.Sleep(sleep.wakeUpAtMillis()), ctx);
    Invocation current = invocation.current();
    TimerKey timer = new TimerKey(sleep.wakeUpAtMillis(), current.id(), sleep.completionId());
    ctx.tables().timers().insert(timer, current.incarnation());
    ctx.emit(new Action.ScheduleTimer(timer));
  }

  private void call(Statement.Called called, OpenInvocation invocation, ApplyContext ctx) {
    ctx.append(invocation, true, new JournalEntry(called.type(), called.payload()));
    lifecycle.notify(
        invocation,
        new JournalEntry(
            MessageType.CALL_INVOCATION_ID,
            JournalFrames.invocationId(called.idCompletion(), called.callee().id())),
        ctx);
    Waiter waiter = called.callee().waiter();
    if (waiter != null) {
      await(invocation, waiter.completionId(), new Pending.Call(called.callee().id()), ctx);
    }
    outbox.create(called.receiver(), called.callee(), lifecycle, ctx);
  }

  static void await(OpenInvocation invocation, int completionId, Pending reason, ApplyContext ctx) {
    Keys.Pending key = new Keys.Pending(invocation.current().id(), completionId);
    Invariant.hold(completionId != 0, "Expected a completion id from 1, but got 0");
    Invariant.hold(
        !ctx.tables().pending().contains(key),
        "Expected completion id " + completionId + " to be new, but it is pending");
    ctx.tables().pending().insert(key, reason);
    invocation.addPending(1);
  }

  /**
   * Suspends, unless what it waits for arrived while it was making up its mind. Nor where it waits
   * for a step: only an attempt can bring that result, so the next one has to.
   */
  private static void suspend(Awaiting awaiting, OpenInvocation invocation, ApplyContext ctx) {
    boolean runs = false;
    for (int completion : awaiting.completions()) {
      Keys.Pending key = new Keys.Pending(invocation.current().id(), completion);
      Pending reason = ctx.tables().pending().find(key);
      runs |= reason == null || reason instanceof Pending.Run;
    }
    if (runs) {
      invocation.start(null);
    } else {
      invocation.become(new Status.Suspended(awaiting));
    }
  }

  /** The last output is the outcome. */
  private void end(OpenInvocation invocation, ApplyContext ctx) {
    Keys.Journal at = new Keys.Journal(invocation.current().id(), invocation.output());
    JournalEntry output = ctx.tables().journal().find(at);
    if (output == null) {
      throw new Invariant.Broken("Expected the output at " + at.index() + ", but it is not there");
    }
    lifecycle.end(invocation, JournalFrames.output(output.payload()), ctx);
  }
}
