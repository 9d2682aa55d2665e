package dev.reprise.cluster.log;

import org.jspecify.annotations.Nullable;

/** The logs that this node takes part in. One per process. Any thread. */
public interface ReplicatedLogs extends AutoCloseable {
  /**
   * Takes part in a log with this replica, creating its directory if there is none. Entries after
   * {@link Replica#applied()} are told again.
   *
   * <p>Calls to the replica may begin before this returns.
   *
   * @throws LogDamagedException if a file of the log is damaged
   * @throws LogPurgedException if the log no longer holds the entries that the replica needs
   * @throws LogException if the log cannot be opened, or is open
   */
  ReplicatedLog open(LogId id, Replica replica);

  /**
   * As {@link #open}, for a log that others have begun: a new copy only listens until the leader
   * makes it a member. It never votes before.
   */
  ReplicatedLog join(LogId id, Replica replica);

  /** Who takes part in a log; null while it is not open here. */
  @Nullable LogMembers members(LogId id);

  /** Whether there are files of the log here. */
  boolean holds(LogId id);

  /**
   * Deletes what this node has of a log that is closed. Only for a copy that is no member any more.
   */
  void delete(LogId id);

  /** Closes every log. Entries not yet applied are applied after the next start. */
  @Override
  void close();
}
