package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.table.TablesView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Fires a leader's timers. Only the soonest are in memory, at most {@code limit}; the others stay
 * in their table until their turn. One per epoch; confined to the leader loop.
 */
final class TimerService {
  private static final int FIRE_AT_ONCE = 512;

  /** Batches on their way through the log: a million due timers must not all wait in memory. */
  private static final int BATCHES_UNDER_WAY = 4;

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final TablesView tables;
  private final Proposer proposer;
  private final Loop loop;
  private final LongSupplier clockMillis;
  private final Runnable flush;
  private final int limit;
  private final TreeSet<TimerKey> soonest = new TreeSet<>();

  /** Timers above this are only in the table; null when all are in memory. */
  private @Nullable TimerKey spilledAbove;

  private Loop.@Nullable Cancellable alarm;
  private long alarmAtMillis = Long.MAX_VALUE;
  private int underWay;
  private boolean closed;

  /**
   * @param flush called after proposing outside of a turn that flushes by itself
   */
  TimerService(
      TablesView tables,
      Proposer proposer,
      Loop loop,
      LongSupplier clockMillis,
      Runnable flush,
      int limit) {
    this.tables = tables;
    this.proposer = proposer;
    this.loop = loop;
    this.clockMillis = clockMillis;
    this.flush = flush;
    this.limit = limit;
  }

  /** Reads the soonest timers from the table. */
  void recover() {
    try (var scan = tables.timers()) {
      load(scan, null);
    }
    rearm();
  }

  /** A timer was set, and is in the table. */
  void add(TimerKey timer) {
    if (spilledAbove != null && timer.compareTo(spilledAbove) > 0) {
      return;
    }
    soonest.add(timer);
    if (soonest.size() > limit) {
      soonest.pollLast();
      spilledAbove = soonest.isEmpty() ? timer : soonest.last();
    }
    rearm();
  }

  private void load(TablesView.Scan<TimerKey, Long> scan, @Nullable TimerKey after) {
    spilledAbove = null;
    while (scan.next()) {
      if (scan.key().equals(after)) {
        continue;
      }
      if (soonest.size() >= limit) {
        spilledAbove = soonest.last();
        return;
      }
      soonest.add(scan.key());
    }
  }

  private void rearm() {
    if (closed || soonest.isEmpty() || underWay >= BATCHES_UNDER_WAY) {
      return;
    }
    long at = soonest.first().atMillis();
    if (alarm != null && at >= alarmAtMillis) {
      return;
    }
    if (alarm != null) {
      alarm.cancel();
    }
    long wait = Math.max(0, Math.min(at - clockMillis.getAsLong(), LONGEST_WAIT.toMillis()));
    alarmAtMillis = at;
    alarm = loop.schedule(Duration.ofMillis(wait), this::ring);
  }

  private void ring() {
    alarm = null;
    alarmAtMillis = Long.MAX_VALUE;
    if (closed) {
      return;
    }
    long now = clockMillis.getAsLong();
    List<TimerKey> due = new ArrayList<>();
    while (!soonest.isEmpty() && soonest.first().atMillis() <= now && due.size() < FIRE_AT_ONCE) {
      due.add(soonest.removeFirst());
    }
    if (!due.isEmpty()) {
      TimerKey last = due.getLast();
      underWay++;
      proposer.finish(new Command.FireTimers(due), result -> fired());
      flush.run();
      if (soonest.isEmpty() && spilledAbove != null) {
        // The fired ones may still be in the table: read on after them.
        try (var scan = tables.timersFrom(last)) {
          load(scan, last);
        }
      }
    }
    rearm();
  }

  private void fired() {
    underWay--;
    rearm();
  }

  void close() {
    closed = true;
    if (alarm != null) {
      alarm.cancel();
    }
  }

  /** Timers in memory. */
  int inMemory() {
    return soonest.size();
  }
}
