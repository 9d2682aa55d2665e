package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogPosition;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tells how far back the newest entries of so many bytes reach. Entries from before the log was
 * opened do not count. Confined to the apply thread.
 */
final class Tail {
  /** Remembered positions in it; it is kept longer by one part at most. */
  private static final int PARTS = 16;

  private final long bytes;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private long total;

  private record Mark(LogPosition at, long total) {}

  /**
   * @param bytes 0 for no tail at all
   */
  Tail(long bytes, LogPosition start) {
    this.bytes = bytes;
    marks.add(new Mark(start, 0));
  }

  void applied(LogPosition at, int size) {
    total += size;
    if (total - marks.getLast().total() > bytes / PARTS) {
      marks.add(new Mark(at, total));
      // The one before the second is not needed once that one is old enough.
      while (marks.size() > 1 && secondIsOldEnough()) {
        marks.removeFirst();
      }
    }
  }

  private boolean secondIsOldEnough() {
    Mark first = marks.removeFirst();
    boolean old = total - marks.getFirst().total() >= bytes;
    marks.addFirst(first);
    return old;
  }

  /** The newest known position with at least so many bytes behind it. */
  LogPosition start() {
    Mark first = marks.getFirst();
    return total - first.total() >= bytes ? first.at() : LogPosition.NOTHING;
  }
}
