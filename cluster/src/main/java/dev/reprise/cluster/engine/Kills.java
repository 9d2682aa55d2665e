package dev.reprise.cluster.engine;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.codec.JournalReader;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.Keys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Ends an invocation and all that it called, whether or not it waits for them. */
final class Kills {
  private static final Outcome KILLED = new Outcome.Failure(409, "killed");

  private final int self;
  private final Outbox outbox;
  private final Lifecycle lifecycle;

  Kills(int self, Outbox outbox, Lifecycle lifecycle) {
    this.self = self;
    this.outbox = outbox;
    this.lifecycle = lifecycle;
  }

  /** A parent in another partition was killed; it means the life that it made, and no other. */
  void child(OutboxMessage.Kill kill, ApplyContext ctx) {
    OpenInvocation child = ctx.find(kill.target());
    if (child != null && child.current().creation().request().equals(kill.madeBy())) {
      kill(child, kill.partitions(), ctx);
    }
  }

  /** One after the other, for a tree of calls may be deeper than the stack. */
  void kill(OpenInvocation first, int partitions, ApplyContext ctx) {
    Deque<OpenInvocation> toKill = new ArrayDeque<>();
    toKill.add(first);
    while (!toKill.isEmpty()) {
      OpenInvocation next = toKill.remove();
      if (next.gone()) {
        continue;
      }
      List<OutboxMessage.Kill> children = children(next, partitions, ctx);
      boolean ran = next.status() instanceof Status.Invoked;
      lifecycle.end(next, KILLED, ctx);
      if (ran) {
        ctx.emit(new Action.AbortAttempt(next.id(), next.incarnation()));
      }
      for (OutboxMessage.Kill kill : children) {
        int receiver = kill.target().partitionAmong(partitions);
        if (receiver != self) {
          outbox.post(receiver, kill, ctx);
          continue;
        }
        OpenInvocation child = ctx.find(kill.target());
        if (child != null && child.current().creation().request().equals(kill.madeBy())) {
          toKill.add(child);
        }
      }
    }
  }

  /** A call tells its callee's id right behind it. */
  private static List<OutboxMessage.Kill> children(
      OpenInvocation parent, int partitions, ApplyContext ctx) {
    List<OutboxMessage.Kill> children = new ArrayList<>();
    for (int index = 1; index < parent.entries(); index++) {
      JournalEntry entry = ctx.tables().journal().find(new Keys.Journal(parent.id(), index));
      if (entry != null && entry.type() == MessageType.CALL_INVOCATION_ID) {
        InvocationId child = JournalReader.callee(entry.payload());
        children.add(
            new OutboxMessage.Kill(
                child, Requested.by(parent.id(), parent.incarnation(), index - 1), partitions));
      }
    }
    return children;
  }
}
