package dev.reprise.cluster.log;

/**
 * This replica's state is not what another one has at the same entry: until it is known whose is
 * right, it must neither lead nor answer.
 */
public final class StateDiffersException extends LogException {
  private final long index;
  private final long mine;

  /** Names the entry at which the states were compared. */
  public StateDiffersException(LogId log, long index, long mine, long theirs) {
    super(
        "Expected the state of log "
            + log
            + " at entry "
            + index
            + " to have the hash "
            + Long.toHexString(theirs)
            + " as on another replica, but here it is "
            + Long.toHexString(mine));
    this.index = index;
    this.mine = mine;
  }

  /** What it hashed to here. */
  public long mine() {
    return mine;
  }

  /** The entry at which the states were compared. */
  public long index() {
    return index;
  }
}
