package dev.reprise.storage.model;

import java.util.Comparator;

/**
 * A due time and what it is for: a completion of the invocation, or with completion id 0 its start.
 *
 * @param atMillis log time
 */
public record TimerKey(long atMillis, InvocationId id, int completionId)
    implements Comparable<TimerKey> {
  private static final Comparator<TimerKey> ORDER =
      Comparator.comparingLong(TimerKey::atMillis)
          .thenComparing(TimerKey::id)
          .thenComparing(TimerKey::completionId, Integer::compareUnsigned);

  /** Completion ids begin at 1. */
  public static final int START = 0;

  @Override
  public int compareTo(TimerKey other) {
    return ORDER.compare(this, other);
  }
}
