package dev.reprise.server.invoker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.server.invoker.frames.CompletionIds;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Progress;
import dev.reprise.storage.model.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One invocation of a {@link ListHost}, with its journal. Confined to the loop. */
final class ListLife {
  Invocation invocation;
  final List<JournalEntry> journal = new ArrayList<>();
  final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  final List<Waiter> waiters = new ArrayList<>();
  @Nullable Awaiting awaiting;
  boolean output;

  ListLife(Invocation invocation) {
    this.invocation = invocation;
  }

  void append(JournalEntry entry, long nowMillis) {
    journal.add(entry);
    Progress before = invocation.progress();
    boolean command = MessageType.isCommand(entry.type());
    invocation =
        invocation.with(
            new Progress(
                before.entries() + 1,
                before.commands() + (command ? 1 : 0),
                entry.type() == MessageType.OUTPUT ? before.entries() : before.output(),
                before.pending(),
                before.signals(),
                before.woken(),
                nowMillis,
                before.attempt(),
                before.pin()));
  }

  boolean isOver() {
    return outcome.isDone();
  }

  /** Whether something that it was suspended on has come; it is suspended no more then. */
  boolean wakes() {
    Awaiting on = awaiting;
    if (on == null || isOver()) {
      return false;
    }
    for (JournalEntry each : journal) {
      if (MessageType.isNotification(each.type())) {
        int completion = CompletionIds.field(each.payload(), 1);
        int signal = CompletionIds.field(each.payload(), 2);
        if (mentions(on, completion, signal)) {
          awaiting = null;
          return true;
        }
      }
    }
    return false;
  }

  /** Good enough for one that waits for any of them. */
  private static boolean mentions(Awaiting awaiting, int completion, int signal) {
    return awaiting.completions().contains(completion)
        || awaiting.signals().contains(signal)
        || awaiting.nested().stream().anyMatch(each -> mentions(each, completion, signal));
  }

  /** What its output says. */
  Outcome said() {
    if (!output) {
      throw new AssertionError("Expected an output before the end");
    }
    JournalEntry last =
        journal.stream()
            .filter(each -> each.type() == MessageType.OUTPUT)
            .reduce((first, second) -> second)
            .orElseThrow();
    try {
      OutputCommandMessage output =
          OutputCommandMessage.parseFrom(ByteString.copyFrom(last.payload().toArray()));
      return output.hasFailure()
          ? new Outcome.Failure(output.getFailure().getCode(), output.getFailure().getMessage())
          : new Outcome.Success(Bytes.of(output.getValue().getContent().toByteArray()));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("Expected a well-formed output", e);
    }
  }
}
