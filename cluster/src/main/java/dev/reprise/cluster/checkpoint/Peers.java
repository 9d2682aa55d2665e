package dev.reprise.cluster.checkpoint;

import dev.reprise.cluster.log.LogId;
import java.util.List;

/**
 * The other replicas of a log. Any thread; may block on the network.
 *
 * @param others how many there are, reachable or not
 */
public record Peers(int others, CheckpointSource checkpoints, Hashes hashes) {
  /** What the others' states hashed to. */
  @FunctionalInterface
  public interface Hashes {
    /**
     * Asks all; those that cannot be reached, or do not remember, give nothing.
     *
     * @param mine what this replica's hashed to, so that one of them that has another looks further
     */
    List<Long> at(LogId log, long index, long mine);
  }
}
