package dev.reprise.server.invoker;

import dev.reprise.cluster.partition.Replay;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.StateEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a new attempt is told, as it was at one moment. Confined to the loop. */
final class ListReplay implements Replay {
  private final Invocation invocation;
  private final List<JournalEntry> journal;
  private final Map<String, Bytes> state;
  private int at;

  ListReplay(Invocation invocation, List<JournalEntry> journal, Map<String, Bytes> state) {
    this.invocation = invocation;
    this.journal = journal;
    this.state = state;
  }

  @Override
  public Invocation invocation() {
    return invocation;
  }

  @Override
  public @Nullable JournalEntry next() {
    return at < journal.size() ? journal.get(at++) : null;
  }

  @Override
  public State state(long limitBytes) {
    return limited(state, limitBytes);
  }

  @Override
  public void close() {
    at = journal.size();
  }

  static Replay.State limited(Map<String, Bytes> state, long limitBytes) {
    List<StateEntry> entries = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, Bytes> each : state.entrySet()) {
      bytes += each.getKey().length() + each.getValue().length();
      if (bytes > limitBytes) {
        return new Replay.State(entries, false);
      }
      entries.add(new StateEntry(Bytes.utf8(each.getKey()), each.getValue()));
    }
    return new Replay.State(entries, true);
  }
}
