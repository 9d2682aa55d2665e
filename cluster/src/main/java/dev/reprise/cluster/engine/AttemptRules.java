package dev.reprise.cluster.engine;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.codec.JournalFrames;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.model.Waiter;
import dev.reprise.storage.table.Keys;
import java.util.List;

/** What an attempt may bring about. */
final class AttemptRules {
  private final Lifecycle lifecycle;
  private final Notifications notifications;
  private final Outbox outbox;
  private final StateRules state;
  private final PromiseRules promises;

  AttemptRules(
      Lifecycle lifecycle, Notifications notifications, Outbox outbox, PromiseRules promises) {
    this.lifecycle = lifecycle;
    this.notifications = notifications;
    this.outbox = outbox;
    this.state = new StateRules(notifications);
    this.promises = promises;
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
    if (left && !invocation.gone()) {
      invocation.attemptIsOver();
    }
    return Result.DONE;
  }

  private static boolean endsWithoutOutput(List<Statement> said, OpenInvocation invocation) {
    if (invocation.output() >= 0) {
      return false;
    }
    boolean ends = false;
    for (Statement statement : said) {
      if (isOutput(statement)) {
        return false;
      }
      ends |= statement instanceof Statement.Ended;
    }
    return ends;
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
      case Statement.PauseHeeded it -> true;
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
      case Statement.Signaled signaled -> signal(signaled, invocation, ctx);
      case Statement.Attached attached -> attach(attached, invocation, ctx);
      case Statement.RunCompleted run -> notifications.ran(invocation, run, ctx);
      case Statement.Suspended suspended ->
          notifications.suspend(suspended.awaiting(), invocation, ctx);
      case Statement.Ended ended -> end(invocation, ctx);
      case Statement.Failed failed -> lifecycle.end(invocation, failed.failure(), ctx);
      case Statement.Paused paused -> invocation.become(new Status.Paused(paused.reason()));
      case Statement.PauseHeeded heeded -> heed(heeded.reason(), invocation);
    }
  }

  private static void heed(String reason, OpenInvocation invocation) {
    if (Status.PAUSING.equals(invocation.status())) {
      invocation.become(new Status.Paused(reason));
    } else {
      invocation.start(null);
    }
  }

  private void journal(Statement.Journaled journaled, OpenInvocation invocation, ApplyContext ctx) {
    int at = ctx.append(invocation, true, new JournalEntry(journaled.type(), journaled.payload()));
    switch (journaled.type()) {
      case MessageType.OUTPUT -> invocation.outputAt(at);
      case MessageType.RUN ->
          notifications.await(invocation, JournalFrames.run(journaled.payload()), Pending.RUN, ctx);
      case MessageType.SLEEP -> sleep(JournalFrames.sleep(journaled.payload()), invocation, ctx);
      default -> {
        if (PromiseRules.concerns(journaled.type())) {
          promises.apply(journaled.type(), journaled.payload(), at, invocation, ctx);
        } else {
          state.apply(journaled.type(), journaled.payload(), invocation, ctx);
        }
      }
    }
  }

  /** Registers a timer: it fires through a command, and is in the table until then. */
  private void sleep(JournalFrames.Sleep sleep, OpenInvocation invocation, ApplyContext ctx) {
    notifications.await(
        invocation, sleep.completionId(), new Pending.Sleep(sleep.wakeUpAtMillis()), ctx);
    Invocation current = invocation.current();
    TimerKey timer = new TimerKey(sleep.wakeUpAtMillis(), current.id(), sleep.completionId());
    ctx.tables().timers().insert(timer, current.incarnation());
    ctx.emit(new Action.ScheduleTimer(timer));
  }

  /**
   * Whatever the proposer drew as its request: a kill has to find out again who made the callee.
   */
  private void call(Statement.Called called, OpenInvocation invocation, ApplyContext ctx) {
    int at = append(called.type(), called.payload(), invocation, ctx);
    NewInvocation callee = called.callee().madeBy(request(invocation, at));
    notifications.tell(
        invocation,
        new JournalEntry(
            MessageType.CALL_INVOCATION_ID,
            JournalFrames.invocationId(called.idCompletion(), callee.id())),
        ctx);
    Waiter waiter = callee.waiter();
    if (waiter != null) {
      Pending reason = new Pending.Call(callee.id());
      notifications.await(invocation, waiter.completionId(), reason, ctx);
    }
    outbox.post(called.receiver(), new OutboxMessage.Create(callee), ctx);
  }

  private void signal(Statement.Signaled said, OpenInvocation invocation, ApplyContext ctx) {
    int at = append(said.type(), said.payload(), invocation, ctx);
    outbox.post(
        said.receiver(),
        new OutboxMessage.Send(said.target(), said.signal(), request(invocation, at)),
        ctx);
  }

  private void attach(Statement.Attached said, OpenInvocation invocation, ApplyContext ctx) {
    append(said.type(), said.payload(), invocation, ctx);
    Waiter waiter = said.waiter();
    InvocationId target = said.target();
    boolean waits = said.type() == MessageType.ATTACH_INVOCATION;
    Pending reason = waits ? new Pending.Attach(target) : new Pending.Output(target);
    notifications.await(invocation, waiter.completionId(), reason, ctx);
    outbox.post(
        said.receiver(),
        waits
            ? new OutboxMessage.Attach(target, waiter)
            : new OutboxMessage.GetOutput(target, waiter),
        ctx);
  }

  private static int append(int type, Bytes payload, OpenInvocation invocation, ApplyContext ctx) {
    return ctx.append(invocation, true, new JournalEntry(type, payload));
  }

  private static RequestId request(OpenInvocation invocation, int at) {
    return Requested.by(invocation.id(), invocation.incarnation(), at);
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
