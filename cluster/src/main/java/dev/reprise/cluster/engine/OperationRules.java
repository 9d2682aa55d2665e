package dev.reprise.cluster.engine;

import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.Status;
import org.jspecify.annotations.Nullable;

/** What a person may do to an invocation, and what may not be done to it now. */
final class OperationRules {
  private final SignalRules signals;
  private final Kills kills;
  private final Restarts restarts;

  OperationRules(SignalRules signals, Kills kills, Restarts restarts) {
    this.signals = signals;
    this.kills = kills;
    this.restarts = restarts;
  }

  Result apply(Command.Operation operation, ApplyContext ctx) {
    InvocationId id = operation.id();
    OpenInvocation open = ctx.find(id);
    return switch (operation) {
      case Command.Cancel cancel -> signals.receive(id, Signal.CANCEL, cancel.request(), ctx);
      case Command.Kill kill -> {
        if (open == null) {
          yield notOpen(id, ctx);
        }
        kills.kill(open, kill.partitions(), ctx);
        yield Result.DONE;
      }
      case Command.Pause pause -> open == null ? notOpen(id, ctx) : pause(open, ctx);
      case Command.Resume resume ->
          open == null ? notOpen(id, ctx) : resume(open, resume.pin(), ctx);
      case Command.Purge purge ->
          open == null ? Retentions.purge(id, ctx.tables()) : notCompleted(open);
      case Command.PurgeJournal purge ->
          open == null ? Retentions.purgeJournal(id, ctx.tables()) : notCompleted(open);
      case Command.Restart restart ->
          open == null ? restarts.restart(restart, ctx) : notCompleted(open);
    };
  }

  /** Why nothing can be done any more to one that is not open. */
  static Result notOpen(InvocationId id, ApplyContext ctx) {
    return ctx.tables().completed().find(id) == null
        ? notFound()
        : new Result.Rejected(
            Result.Rejection.COMPLETED, "Expected an open invocation, but it has completed");
  }

  static Result notFound() {
    return new Result.Rejected(
        Result.Rejection.NOT_FOUND, "Expected an invocation with this id, but there is none");
  }

  private static Result notCompleted(OpenInvocation open) {
    return Status.notStarted(open.status())
        ? notStarted()
        : new Result.Rejected(
            Result.Rejection.NOT_COMPLETED,
            "Expected a completed invocation, but it has not completed");
  }

  private static Result notStarted() {
    return new Result.Rejected(
        Result.Rejection.NOT_STARTED, "Expected an invocation that has started, but it waits to");
  }

  private static Result pause(OpenInvocation open, ApplyContext ctx) {
    switch (open.status()) {
      case Status.Invoked invoked -> {
        if (!invoked.pausing()) {
          open.become(Status.PAUSING);
          ctx.emit(new Action.PauseAttempt(open.id(), open.incarnation()));
        }
        return Result.REQUESTED;
      }
      case Status.Suspended suspended -> {
        open.become(new Status.Paused(Notifications.PAUSED));
        return Result.DONE;
      }
      case Status.Paused paused -> {
        return Result.DONE;
      }
      case Status.Scheduled scheduled -> {
        return notStarted();
      }
      case Status.Inboxed inboxed -> {
        return notStarted();
      }
      case Status.Limited limited -> {
        if (!limited.begun()) {
          return notStarted();
        }
        Limits.leave(open.current(), limited, ctx);
        open.become(new Status.Paused(Notifications.PAUSED));
        return Result.DONE;
      }
    }
  }

  private static Result resume(OpenInvocation open, @Nullable Pin pin, ApplyContext ctx) {
    if (Status.notStarted(open.status())) {
      return notStarted();
    }
    boolean runs = open.status() instanceof Status.Invoked;
    if (pin != null && !pin.equals(open.pin())) {
      Pin before = open.pin();
      if (runs || before == null || before.protocolVersion() != pin.protocolVersion()) {
        return new Result.Rejected(Result.Rejection.DEPLOYMENT_FIXED, whyFixed(runs, before, pin));
      }
      open.moveTo(pin);
    }
    if (runs) {
      open.become(Status.INVOKED);
      ctx.emit(new Action.HurryAttempt(open.id(), open.incarnation()));
    } else if (!(open.status() instanceof Status.Limited)) {
      // One that waits for its places goes on by itself when it has them.
      Limits.run(open, null, ctx);
    }
    return Result.DONE;
  }

  private static String whyFixed(boolean runs, @Nullable Pin before, Pin wanted) {
    if (runs) {
      return "Expected a paused or suspended invocation to move, but it runs";
    }
    return before == null
        ? "Expected an invocation that has a deployment, but it has none yet"
        : "Expected a deployment that speaks protocol version "
            + before.protocolVersion()
            + ", but it is to speak "
            + wanted.protocolVersion();
  }
}
