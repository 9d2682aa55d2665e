package dev.reprise.cluster.log;

/**
 * One copy of the state that a log describes. Called by the log; must not call back into it while
 * applying.
 */
public interface Replica {
  /**
   * The newest position whose effects the state holds, durable or not. Asked once, before the first
   * entry; entries up to it are not told again.
   */
  LogPosition applied();

  /** The newest position whose effects are known to survive a crash. Any thread; must not block. */
  LogPosition flushed();

  /**
   * A committed entry, in order, exactly once since start. Apply thread. Throwing closes this
   * replica of this log, and nothing else.
   */
  void apply(LogPosition at, byte[] entry);

  /**
   * The log moved to {@code at} by an entry of its own (configuration and the like). Apply thread.
   */
  void advanced(LogPosition at);

  /**
   * This replica leads in {@code term}, and everything before is applied. Apply thread. Proposals
   * of this term may begin.
   */
  void leaderReady(long term);

  /** This replica does not lead any more. Any thread; may be repeated. */
  void leadershipLost();

  /**
   * A proposal of {@code term} was refused or its fate is unknown. Any thread. The leader must not
   * propose further in its present epoch.
   */
  void proposalFailed(long term, Throwable cause);

  /**
   * The log cannot go on (disk full, corrupt); this replica is closed until it is opened again. Any
   * thread.
   */
  void failed(Throwable cause);
}
