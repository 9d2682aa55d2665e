package dev.reprise.cluster.checkpoint;

import dev.reprise.cluster.log.LogId;
import java.util.ArrayList;
import java.util.List;

/** Where checkpoints come from. Any thread; may block on disk and network. */
@FunctionalInterface
public interface CheckpointSource {
  /**
   * Asks for a checkpoint; whoever has a fresh one offers that.
   *
   * @param atLeast the index of an entry that must be in it
   * @throws CheckpointException if there is none, or none that new
   */
  Checkpoint open(LogId log, long atLeast);

  /** Asks one after the other, in order. */
  static CheckpointSource firstOf(List<CheckpointSource> sources) {
    return (log, atLeast) -> {
      List<String> refusals = new ArrayList<>();
      for (CheckpointSource source : sources) {
        try {
          return source.open(log, atLeast);
        } catch (CheckpointException refused) {
          refusals.add(refused.getMessage());
        }
      }
      throw new CheckpointException(String.join("; ", refusals));
    };
  }
}
