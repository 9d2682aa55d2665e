package dev.reprise.cluster.partition;

import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.StateEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new attempt is told first, as it stood at one moment. May be moved to another thread
 * between calls, so that cold reads need not block the loop. Must be closed.
 */
public interface Replay extends AutoCloseable {
  /** The invocation as of that moment; its progress says how many journal entries follow. */
  Invocation invocation();

  /** The next journal entry, or null after the last. */
  @Nullable JournalEntry next();

  /**
   * The object's state, in the order of its keys, as far as {@code limitBytes} of keys and values
   * go. Empty and complete for an object without state.
   */
  State state(long limitBytes);

  @Override
  void close();

  /** Some or all of an object's state. */
  record State(List<StateEntry> entries, boolean complete) {
    public State {
      entries = List.copyOf(entries);
    }
  }
}
