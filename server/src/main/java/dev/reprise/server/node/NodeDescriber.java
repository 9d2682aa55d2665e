package dev.reprise.server.node;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.server.operations.InvocationDescriber;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Outcome.Failure;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.table.TablesView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows one invocation that a partition of this node holds. Reads its tables; called on threads
 * that may block.
 */
final class NodeDescriber implements InvocationDescriber {
  private static final int ENTRIES = 1_000;

  private final Supplier<List<Partition>> partitions;

  NodeDescriber(Supplier<List<Partition>> partitions) {
    this.partitions = partitions;
  }

  @Override
  public @Nullable Description describe(InvocationId id) {
    for (Partition partition : partitions.get()) {
      TablesView tables = partition.tables();
      Invocation open = tables.invocation(id);
      if (open != null) {
        Pin pin = open.progress().pin();
        return new Description(
            NodeLister.row(open, partition, tables),
            open.creation().idempotencyKey(),
            pin == null ? 0 : pin.protocolVersion(),
            journal(tables, id),
            null);
      }
      Completed completed = tables.completed(id);
      if (completed != null) {
        return describe(completed, tables);
      }
    }
    return null;
  }

  private static Description describe(Completed completed, TablesView tables) {
    Pin pin = completed.pin();
    return new Description(
        NodeLister.row(completed),
        completed.creation().idempotencyKey(),
        pin == null ? 0 : pin.protocolVersion(),
        journal(tables, completed.id()),
        new End(
            completed.completedAtMillis(),
            completed.outcome() instanceof Failure failure ? failure : null,
            completed.expiresAtMillis(),
            completed.journalExpiresAtMillis()));
  }

  private static List<Entry> journal(TablesView tables, InvocationId id) {
    List<Entry> entries = new ArrayList<>();
    try (var scan = tables.journal(id)) {
      while (entries.size() < ENTRIES && scan.next()) {
        JournalEntry entry = scan.value();
        String kind = MessageType.isCommand(entry.type()) ? "Command: " : "Notification: ";
        entries.add(
            new Entry(
                entries.size(), kind + MessageType.nameOf(entry.type()), entry.payload().length()));
      }
    }
    return entries;
  }
}
