package dev.reprise.cluster.log;

/**
 * This replica's state is not what most of the replicas have at the same entry: it must neither
 * lead nor answer, and is to be replaced by a copy of theirs.
 */
public final class StateDiffersException extends LogException {
  private final long index;

  /** Names the entry at which the states were compared. */
  public StateDiffersException(LogId log, long index, long mine, long theirs) {
    super(
        "Expected the state of log "
            + log
            + " at entry "
            + index
            + " to have the hash "
            + Long.toHexString(theirs)
            + " as on most replicas, but here it is "
            + Long.toHexString(mine));
    this.index = index;
  }

  /** The entry at which the states were compared. */
  public long index() {
    return index;
  }
}
