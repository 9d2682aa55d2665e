package dev.reprise.cluster.log;

import java.util.concurrent.CompletableFuture;

/**
 * The log of one partition, or of the metadata, as one replica of it sees it. What is committed is
 * told to the {@link Replica} in one order on every replica; only the leader proposes.
 */
public interface ReplicatedLog extends AutoCloseable {
  /**
   * Appends an entry, if this replica still leads in {@code term}. Entries proposed by one thread
   * within one term are committed in that order, each at most once per call; an entry of any size
   * up to {@link #maxEntryBytes()} is applied whole.
   *
   * <p>Success is told by {@link Replica#apply}. When the entry's fate is unknown, or it was
   * refused, {@link Replica#proposalFailed} is called; it may still be committed.
   *
   * <p>Thread: one at a time (the leader loop). Does not block on disk or network.
   *
   * @throws IllegalArgumentException if the entry is larger than {@link #maxEntryBytes()}
   */
  void propose(long term, byte[] entry);

  /** The largest entry that can be proposed, in bytes. */
  int maxEntryBytes();

  /**
   * Asks this replica to hand leadership to another one; completes when that is done or refused.
   */
  CompletableFuture<Boolean> stepDown();

  /** Stops taking part. Entries not yet applied are applied after the next start. */
  @Override
  void close();
}
