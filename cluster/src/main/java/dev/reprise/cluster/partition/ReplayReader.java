package dev.reprise.cluster.partition;

import dev.reprise.storage.kv.Snapshot;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.TablesView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A replay read from a snapshot of the store, entry by entry. */
final class ReplayReader implements Replay {
  private final Snapshot snapshot;
  private final TablesView view;
  private final Invocation invocation;
  private TablesView.@Nullable Scan<Keys.Journal, JournalEntry> journal;
  private int read;

  /** Takes the snapshot over, and closes it. */
  ReplayReader(Snapshot snapshot, Invocation invocation) {
    this.snapshot = snapshot;
    this.view = new TablesView(snapshot);
    this.invocation = invocation;
  }

  @Override
  public Invocation invocation() {
    return invocation;
  }

  @Override
  public @Nullable JournalEntry next() {
    if (read == invocation.progress().entries()) {
      return null;
    }
    if (journal == null) {
      journal = view.journal(invocation.id());
    }
    if (!journal.next() || journal.key().index() != read) {
      throw new IllegalStateException(
          "Expected entry "
              + read
              + " in the journal of "
              + invocation.id()
              + ", but it is missing");
    }
    read++;
    return journal.value();
  }

  @Override
  public State state(long limitBytes) {
    return stateOf(view, invocation.target().object(), limitBytes);
  }

  static State stateOf(TablesView view, ObjectId object, long limitBytes) {
    List<StateEntry> entries = new ArrayList<>();
    long bytes = 0;
    try (var scan = view.state(object)) {
      while (scan.next()) {
        Bytes key = scan.key().key();
        Bytes value = scan.value();
        bytes += key.length() + value.length();
        if (bytes > limitBytes) {
          return new State(entries, false);
        }
        entries.add(new StateEntry(key, value));
      }
    }
    return new State(entries, true);
  }

  @Override
  public void close() {
    if (journal != null) {
      journal.close();
    }
    snapshot.close();
  }
}
