package dev.reprise.cluster.log;

/**
 * A replica met an entry that it cannot apply, for no reason of its disk: it was written by a newer
 * version, or the replica makes a mistake. It would meet it again after every restart.
 */
public final class CannotApplyException extends LogException {
  private final LogPosition at;

  /** Names the entry and what happened. */
  public CannotApplyException(LogId log, LogPosition at, Throwable cause) {
    super(
        "Expected entry " + at.index() + " of log " + log + " to be applied, but " + cause, cause);
    this.at = at;
  }

  /** Where the entry stands. */
  public LogPosition at() {
    return at;
  }
}
