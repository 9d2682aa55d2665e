package dev.reprise.cluster.engine;

import dev.reprise.storage.model.OutboxMessage;

/** What a message does in the partition that it is for, wherever it came from. */
final class Arrivals {
  private final Lifecycle lifecycle;
  private final Notifications notifications;
  private final SignalRules signals;
  private final Attachments attachments;
  private final Kills kills;

  Arrivals(
      Lifecycle lifecycle,
      Notifications notifications,
      SignalRules signals,
      Attachments attachments,
      Kills kills) {
    this.lifecycle = lifecycle;
    this.notifications = notifications;
    this.signals = signals;
    this.attachments = attachments;
    this.kills = kills;
  }

  void take(OutboxMessage message, ApplyContext ctx) {
    switch (message) {
      case OutboxMessage.Create create -> lifecycle.create(create.invocation(), ctx);
      case OutboxMessage.Answer answer ->
          notifications.answer(answer.waiter(), answer.outcome(), ctx);
      case OutboxMessage.NotReady notReady -> notifications.notReady(notReady.waiter(), ctx);
      case OutboxMessage.Send send ->
          signals.receive(send.target(), send.signal(), send.request(), ctx);
      case OutboxMessage.Attach attach -> attachments.attach(attach.target(), attach.waiter(), ctx);
      case OutboxMessage.GetOutput get -> attachments.output(get.target(), get.waiter(), ctx);
      case OutboxMessage.Kill kill -> kills.child(kill, ctx);
    }
  }
}
