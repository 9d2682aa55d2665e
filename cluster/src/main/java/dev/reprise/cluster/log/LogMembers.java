package dev.reprise.cluster.log;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Who takes part in one log, as the copy on this node knows it. Any thread; never blocks. */
public interface LogMembers {
  /** One who takes part, and where its Raft port is reached. */
  record Peer(String id, String address) {}

  /**
   * Who takes part.
   *
   * @param voters make a majority, and may lead
   * @param listeners only follow
   * @param settled whether no change is under way, and a majority has this one
   */
  record Roster(List<Peer> voters, List<Peer> listeners, boolean settled) {}

  /** Who takes part now. */
  Roster roster();

  /** Whether this copy believes that it leads. */
  boolean leads();

  /** The peer that leads, as far as this copy knows; null when it knows of none. */
  @Nullable String leader();

  /** The term that this copy is in. */
  long term();

  /** The newest entry that this copy has applied, from 1. */
  long appliedIndex();

  /** The newest entry whose effects survive a crash without the log, from 1; 0 for none. */
  long flushedIndex();

  /** The oldest entry that this copy's log holds, from 1. */
  long firstIndex();

  /**
   * Lets go, now, of entries that are flushed and that followers are not expected to need; whole
   * files only. Completes when that has begun.
   */
  CompletableFuture<Void> cut();

  /**
   * Makes these the members; only the leader can. New ones are brought up to date first, without a
   * vote. Completes when a majority of the old and of the new ones has it; exceptionally when it
   * was refused, or a new one makes no progress for half a minute. Asking again is harmless.
   */
  CompletableFuture<Void> change(List<Peer> voters, List<Peer> listeners);

  /** Hands leadership to any other voter; completes with whether that was done. */
  CompletableFuture<Boolean> stepDown();

  /** Hands leadership to this peer; completes with whether that was done, within seconds. */
  CompletableFuture<Boolean> transfer(String to);
}
