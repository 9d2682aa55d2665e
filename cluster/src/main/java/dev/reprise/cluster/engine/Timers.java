package dev.reprise.cluster.engine;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.codec.JournalFrames;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.TimerKey;

/** What happens when a timer fires: an invocation starts, or a sleep is over. */
final class Timers {
  private final Lifecycle lifecycle;
  private final Notifications notifications;

  Timers(Lifecycle lifecycle, Notifications notifications) {
    this.lifecycle = lifecycle;
    this.notifications = notifications;
  }

  /** A timer fires once, and never before its time, whatever the leader says. */
  Result fire(Command.FireTimers command, Faults faults, ApplyContext ctx) {
    for (TimerKey timer : command.timers()) {
      if (timer.atMillis() <= ctx.nowMillis()) {
        faults.guard(timer.id(), () -> fire(timer, ctx), reason -> false);
      }
    }
    return Result.DONE;
  }

  private boolean fire(TimerKey timer, ApplyContext ctx) {
    Long incarnation = ctx.tables().timers().find(timer);
    if (incarnation == null) {
      return false;
    }
    ctx.tables().timers().delete(timer);
    OpenInvocation invocation = ctx.find(timer.id(), incarnation);
    if (invocation == null) {
      return false;
    }
    if (timer.completionId() != TimerKey.START) {
      notifications.complete(
          invocation,
          timer.completionId(),
          MessageType.SLEEP_COMPLETION,
          JournalFrames.done(timer.completionId()),
          ctx);
    } else if (invocation.status() instanceof Status.Scheduled) {
      lifecycle.begin(invocation, null, ctx);
    }
    return true;
  }
}
