package dev.reprise.cluster.engine;

import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Waiter;
import dev.reprise.storage.table.Keys;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What partitions say to each other: kept by the sender in order, one row a message, until the
 * receiver has it; taken by the receiver in that order, each exactly once.
 */
final class Outbox {
  private final int self;
  private final BiConsumer<OutboxMessage, ApplyContext> here;

  /**
   * @param here what a message does in its own partition
   */
  Outbox(int self, BiConsumer<OutboxMessage, ApplyContext> here) {
    this.self = self;
    this.here = here;
  }

  /** Brings a message to where it is for: takes it here, or keeps it for the shipper. */
  void post(int receiver, OutboxMessage message, ApplyContext ctx) {
    if (receiver == self) {
      here.accept(message, ctx);
    } else {
      send(receiver, message, ctx);
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
  Result deliver(Command.Deliver delivery, Faults faults, ApplyContext ctx) {
    Long last = ctx.tables().dedup().find(delivery.sender());
    long taken = last == null ? 0 : last;
    long sequence = delivery.firstSequence();
    for (OutboxMessage message : delivery.messages()) {
      if (sequence == taken + 1) {
        take(message, faults, ctx);
        taken = sequence;
      }
      sequence++;
    }
    if (last == null || taken != last) {
      ctx.tables().dedup().put(delivery.sender(), taken);
    }
    return new Result.Delivered(taken);
  }

  private void take(OutboxMessage message, Faults faults, ApplyContext ctx) {
    String fault =
        faults.<@Nullable String>guard(
            about(message),
            () -> {
              here.accept(message, ctx);
              return null;
            },
            reason -> reason);
    Waiter asking = asking(message);
    if (fault != null && asking != null) {
      Outcome failure = new Outcome.Failure(500, fault);
      faults.guard(
          asking.partition() == self ? asking.id() : null,
          () -> {
            post(asking.partition(), new OutboxMessage.Answer(asking, failure), ctx);
            return true;
          },
          reason -> false);
    }
  }

  /** Whom to park when the message breaks an invariant; null when it is nobody's doing. */
  private static @Nullable InvocationId about(OutboxMessage message) {
    return switch (message) {
      case OutboxMessage.Answer answer -> answer.waiter().id();
      case OutboxMessage.NotReady notReady -> notReady.waiter().id();
      case OutboxMessage.Send send -> send.target();
      case OutboxMessage.Create create -> null;
      case OutboxMessage.Attach attach -> null;
      case OutboxMessage.GetOutput get -> null;
      case OutboxMessage.Kill kill -> null;
    };
  }

  /** Who would never hear of it otherwise. */
  private static @Nullable Waiter asking(OutboxMessage message) {
    return switch (message) {
      case OutboxMessage.Create create -> create.invocation().waiter();
      case OutboxMessage.Attach attach -> attach.waiter();
      case OutboxMessage.GetOutput get -> get.waiter();
      case OutboxMessage.Answer answer -> null;
      case OutboxMessage.NotReady notReady -> null;
      case OutboxMessage.Send send -> null;
      case OutboxMessage.Kill kill -> null;
    };
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
