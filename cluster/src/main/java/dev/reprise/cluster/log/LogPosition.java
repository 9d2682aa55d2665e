package dev.reprise.cluster.log;

/** Where an entry stands in its log: the term that wrote it and its index, both from 1. */
public record LogPosition(long term, long index) implements Comparable<LogPosition> {
  /** Before the first entry. */
  public static final LogPosition NOTHING = new LogPosition(0, 0);

  @Override
  public int compareTo(LogPosition other) {
    return Long.compare(index, other.index);
  }
}
