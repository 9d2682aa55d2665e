package dev.reprise.cluster.engine;

import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Waiter;
import dev.reprise.storage.table.Keys;
import org.jspecify.annotations.Nullable;

/**
 * What partitions say to each other: kept by the sender in order, one row a message, until the
 * receiver has it; taken by the receiver in that order, each exactly once.
 */
final class Outbox {
  private final int self;

  Outbox(int self) {
    this.self = self;
  }

  /** Creates an invocation where it lives. */
  void create(int receiver, NewInvocation callee, Lifecycle lifecycle, ApplyContext ctx) {
    if (receiver == self) {
      lifecycle.create(callee, ctx);
    } else {
      send(receiver, new OutboxMessage.Create(callee), ctx);
    }
  }

  /** Tells a waiter where it lives. */
  void answer(Waiter waiter, Outcome outcome, Lifecycle lifecycle, ApplyContext ctx) {
    if (waiter.partition() == self) {
      lifecycle.answer(waiter, outcome, ctx);
    } else {
      send(waiter.partition(), new OutboxMessage.Answer(waiter, outcome), ctx);
    }
  }

  private static void send(int receiver, OutboxMessage message, ApplyContext ctx) {
    Long next = ctx.tables().outboxNext().find(receiver);
    long sequence = next == null ? 1 : next;
    ctx.tables().outboxNext().put(receiver, sequence + 1);
    ctx.tables().outbox().insert(new Keys.Outbox(receiver, sequence), message);
    ctx.emit(new Action.ShipOutbox(receiver, sequence));
  }

  /**
   * Takes what is next in the sender's sequence; what was taken before is skipped, and what comes
   * too early waits to be sent again. The answer says how far this partition has come.
   *
   * <p>A message that breaks an invariant is passed over, or nothing behind it would ever arrive.
   */
  Result deliver(Command.Deliver delivery, Lifecycle lifecycle, Faults faults, ApplyContext ctx) {
    Long last = ctx.tables().dedup().find(delivery.sender());
    long taken = last == null ? 0 : last;
    long sequence = delivery.firstSequence();
    for (OutboxMessage message : delivery.messages()) {
      if (sequence == taken + 1) {
        take(message, lifecycle, faults, ctx);
        taken = sequence;
      }
      sequence++;
    }
    if (last == null || taken != last) {
      ctx.tables().dedup().put(delivery.sender(), taken);
    }
    return new Result.Delivered(taken);
  }

  private void take(OutboxMessage message, Lifecycle lifecycle, Faults faults, ApplyContext ctx) {
    switch (message) {
      case OutboxMessage.Create create -> {
        NewInvocation asked = create.invocation();
        String fault =
            faults.<@Nullable String>guard(
                null,
                () -> {
                  lifecycle.create(asked, ctx);
                  return null;
                },
                reason -> reason);
        Waiter waiter = asked.waiter();
        if (fault != null && waiter != null) {
          Outcome failure = new Outcome.Failure(500, fault);
          guardedAnswer(waiter, failure, lifecycle, faults, ctx);
        }
      }
      case OutboxMessage.NotReady notReady -> {}
      case OutboxMessage.Send send -> {}
      case OutboxMessage.Attach attach -> {}
      case OutboxMessage.GetOutput get -> {}
      case OutboxMessage.Kill kill -> {}
      case OutboxMessage.Answer answer ->
          guardedAnswer(answer.waiter(), answer.outcome(), lifecycle, faults, ctx);
    }
  }

  private void guardedAnswer(
      Waiter waiter, Outcome outcome, Lifecycle lifecycle, Faults faults, ApplyContext ctx) {
    faults.guard(
        waiter.partition() == self ? waiter.id() : null,
        () -> {
          answer(waiter, outcome, lifecycle, ctx);
          return true;
        },
        reason -> false);
  }

  Result truncate(Command.TruncateOutbox command, ApplyContext ctx) {
    Long next = ctx.tables().outboxNext().find(command.receiver());
    long end = Math.min(command.throughSequence(), next == null ? 0 : next - 1);
    for (long sequence = command.fromSequence(); sequence <= end; sequence++) {
      ctx.tables().outbox().delete(new Keys.Outbox(command.receiver(), sequence));
    }
    return Result.DONE;
  }
}
