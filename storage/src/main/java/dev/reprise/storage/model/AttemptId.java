package dev.reprise.storage.model;

/**
 * One execution of an invocation: the epoch of the leader that began it, and which of that epoch.
 */
public record AttemptId(long epoch, long ordinal) implements Comparable<AttemptId> {
  /** Before any attempt. */
  public static final AttemptId NONE = new AttemptId(0, 0);

  @Override
  public int compareTo(AttemptId other) {
    int byEpoch = Long.compare(epoch, other.epoch);
    return byEpoch != 0 ? byEpoch : Long.compare(ordinal, other.ordinal);
  }

  @Override
  public String toString() {
    return epoch + "." + ordinal;
  }
}
