package dev.reprise.sdk.core;

import dev.reprise.api.MessageType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every await also waits for the cancel signal. When it arrives, each call since the last
 * cancellation is cancelled too; for that its invocation id has to be known first.
 */
final class Cancellation {
  private Awaitable.Single signal = nextSignal();
  private List<Awaitable.Single> callees = new ArrayList<>();
  private boolean spreading;

  private static Awaitable.Single nextSignal() {
    return new Awaitable.Single(new NotificationId.Signal(MessageType.CANCEL_SIGNAL));
  }

  void addCallee(Awaitable.Single invocationId) {
    callees.add(invocationId);
  }

  Awaitable alsoWaitingFor(Awaitable awaited) {
    return new Awaitable.Combined(Awaitable.Rule.FIRST_COMPLETED, List.of(awaited, signal));
  }

  boolean arrived(Notifications visible) {
    spreading = signal.resolve(visible);
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
