package dev.reprise.cluster.partition;

import dev.reprise.cluster.checkpoint.Witness;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.StateDiffersException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this replica's state hashed to after its newest entries, and at the entries at which it was
 * compared. Written by the apply thread; any thread may ask.
 */
final class StateHashes implements Witness {
  /** A leader's word about an entry arrives a few entries later. */
  private static final int RECENT = 4_096;

  /** The others may ask about a comparison minutes later. */
  private static final int COMPARED = 64;

  private final LogId log;
  private final long[] indexes = new long[RECENT];
  private final long[] hashes = new long[RECENT];
  private int newest;

  private final Map<Long, Long> compared =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > COMPARED;
        }
      };

  /** Where it stands when it is opened. */
  StateHashes(LogId log, long index, long hash) {
    this.log = log;
    indexes[0] = index;
    hashes[0] = hash;
  }

  /** What the state hashes to after an entry. */
  record At(long index, long hash) {}

  synchronized void applied(long index, long hash) {
    newest = (newest + 1) % RECENT;
    indexes[newest] = index;
    hashes[newest] = hash;
  }

  synchronized At newest() {
    return new At(indexes[newest], hashes[newest]);
  }

  /**
   * Compares with what a leader said.
   *
   * @throws StateDiffersException if this replica has had another state there; one that does not
   *     remember says nothing
   */
  void compare(Command.CheckState leaders) {
    Long mine = hashAt(leaders.index());
    if (mine == null) {
      return;
    }
    synchronized (this) {
      compared.put(leaders.index(), mine);
    }
    if (mine != leaders.hash()) {
      throw new StateDiffersException(log, leaders.index(), mine, leaders.hash());
    }
  }

  @Override
  public synchronized @Nullable Long hashAt(long index) {
    Long known = compared.get(index);
    if (known != null) {
      return known;
    }
    // From the newest back: whoever asks, asks about the recent past.
    for (int i = 0, at = newest; i < RECENT && indexes[at] >= index; i++) {
      if (indexes[at] == index) {
        return hashes[at];
      }
      at = (at + RECENT - 1) % RECENT;
    }
    return null;
  }
}
