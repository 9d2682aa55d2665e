package dev.reprise.sdk.core;

import dev.reprise.api.MessageType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every await also waits for the cancel signal. When it arrives, each call since the last
 * cancellation is cancelled too; for that its invocation id has to be known first. When user code
 * looks for the signal itself, nothing of this happens.
 */
final class Cancellation {
  private final boolean implicit;
  private Awaitable.Single signal = nextSignal();
  private List<Awaitable.Single> callees = new ArrayList<>();
  private boolean spreading;

  Cancellation(boolean implicit) {
    this.implicit = implicit;
  }

  private static Awaitable.Single nextSignal() {
    return new Awaitable.Single(new NotificationId.Signal(MessageType.CANCEL_SIGNAL));
  }

  /** The signal, for user code. */
  Awaitable.Single explicit() {
    if (implicit) {
      throw new IllegalStateException(
          "Expected a handler with explicit cancellation, but this one is cancelled implicitly");
    }
    return nextSignal();
  }

  void addCallee(Awaitable.Single invocationId) {
    if (implicit) {
      callees.add(invocationId);
    }
  }

  Awaitable alsoWaitingFor(Awaitable awaited) {
    return implicit
        ? new Awaitable.Combined(Awaitable.Rule.FIRST_COMPLETED, List.of(awaited, signal))
        : awaited;
  }

  boolean arrived(Notifications visible) {
    spreading = implicit && signal.resolve(visible);
    return spreading;
  }

  boolean isSpreading() {
    return spreading;
  }

  /** What has to arrive before the callees can be told; null when nothing is missing. */
  @Nullable Awaitable unknownCallees(Notifications visible) {
    var unknown = new ArrayList<Awaitable>();
    for (Awaitable.Single callee : callees) {
      if (!callee.resolve(visible)) {
        unknown.add(callee);
      }
    }
    return unknown.isEmpty()
        ? null
        : new Awaitable.Combined(Awaitable.Rule.ALL_SUCCEEDED_OR_FIRST_FAILED, unknown);
  }

  /** Consumes the signal and names the invocations to cancel, in the order of the calls. */
  List<String> finish() {
    var ids = new ArrayList<String>();
    for (Awaitable.Single callee : callees) {
      if (callee.result() instanceof NotificationResult.InvocationId known) {
        ids.add(known.id());
      }
    }
    signal = nextSignal();
    callees = new ArrayList<>();
    spreading = false;
    return ids;
  }
}
