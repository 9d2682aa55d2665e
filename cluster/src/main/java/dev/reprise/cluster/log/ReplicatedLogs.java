package dev.reprise.cluster.log;

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

  /** Closes every log. Entries not yet applied are applied after the next start. */
  @Override
  void close();
}
