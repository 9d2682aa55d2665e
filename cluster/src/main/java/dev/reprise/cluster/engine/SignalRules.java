package dev.reprise.cluster.engine;

import dev.reprise.cluster.codec.JournalFrames;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.SignalReceipt;
import org.jspecify.annotations.Nullable;

/** How signals reach an invocation: awakeables, named ones, and the wish that it cancel. */
final class SignalRules {
  /** More would not be read by anybody, and every attempt is told all of them. */
  private static final int LIMIT = 65_536;

  private static final Outcome CANCELED = new Outcome.Failure(409, "canceled");

  private final Lifecycle lifecycle;
  private final Notifications notifications;

  SignalRules(Lifecycle lifecycle, Notifications notifications) {
    this.lifecycle = lifecycle;
    this.notifications = notifications;
  }

  /** Gives the signal to whoever has the id now. */
  Result receive(InvocationId id, Signal signal, RequestId request, ApplyContext ctx) {
    OpenInvocation invocation = ctx.find(id);
    if (invocation == null) {
      return OperationRules.notOpen(id, ctx);
    }
    Keys.Signal key = new Keys.Signal(id, signal.id());
    SignalReceipt before = invocation.signals() == 0 ? null : ctx.tables().signals().find(key);
    boolean cancels = signal.id().equals(SignalId.CANCEL);
    Result known = known(before, signal.id(), request);
    if (known != null) {
      return known;
    }
    if (cancels && Status.notStarted(invocation.status())) {
      lifecycle.end(invocation, CANCELED, ctx);
      return Result.DONE;
    }
    if (invocation.signals() >= LIMIT) {
      return new Result.Rejected(
          Result.Rejection.TOO_MANY,
          "Expected at most " + LIMIT + " signals for one invocation, but there are as many");
    }
    int at = notifications.signal(invocation, signal.id(), JournalFrames.signal(signal), ctx);
    ctx.tables().signals().put(key, new SignalReceipt(at, request));
    invocation.addSignal();
    if (cancels) {
      goOn(invocation, ctx);
      return Result.REQUESTED;
    }
    return Result.DONE;
  }

  /** The answer to who is too late, or asks again; null for anybody else. */
  private static @Nullable Result known(
      @Nullable SignalReceipt before, SignalId id, RequestId request) {
    if (before == null) {
      return null;
    }
    if (before.request().equals(request)) {
      return id.equals(SignalId.CANCEL) ? Result.REQUESTED : Result.DONE;
    }
    return id.onlyOnce()
        ? new Result.Rejected(
            Result.Rejection.DECIDED, "Expected no value yet, but it was already completed")
        : null;
  }

  /** Code that is to clean up has to run. */
  private static void goOn(OpenInvocation invocation, ApplyContext ctx) {
    if (invocation.status() instanceof Status.Paused) {
      Limits.run(invocation, null, ctx);
    } else if (Status.PAUSING.equals(invocation.status())) {
      invocation.become(Status.INVOKED);
      ctx.emit(new Action.HurryAttempt(invocation.id(), invocation.incarnation()));
    }
  }
}
