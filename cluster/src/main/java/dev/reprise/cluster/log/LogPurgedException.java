package dev.reprise.cluster.log;

/**
 * The replica is older than what the log still holds: it needs a checkpoint from another node
 * before it can follow again.
 */
public final class LogPurgedException extends LogException {
  private final LogPosition firstHeld;

  /** Names the oldest entry that can still be told. */
  public LogPurgedException(LogId log, LogPosition applied, LogPosition firstHeld) {
    super(
        "Expected log "
            + log
            + " to hold the entry after "
            + applied.index()
            + ", but it begins at "
            + firstHeld.index());
    this.firstHeld = firstHeld;
  }

  /** The oldest entry that can still be told. */
  public LogPosition firstHeld() {
    return firstHeld;
  }
}
