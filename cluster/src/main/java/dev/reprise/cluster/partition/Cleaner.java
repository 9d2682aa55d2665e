package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.table.TablesView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Forgets what has been kept long enough, in small batches while the partition has nothing else to
 * do. One per epoch; confined to the leader loop.
 */
final class Cleaner {
  private static final int BATCH = 256;
  private static final Duration SOON = Duration.ofMillis(20);

  /** A partition that is never idle is cleaned all the same. */
  private static final int PATIENCE = 50;

  private final TablesView tables;
  private final Proposer proposer;
  private final Loop loop;
  private final LongSupplier clockMillis;
  private final Runnable flush;
  private final Duration interval;
  private Loop.@Nullable Cancellable next;

  /** Read on from here: what is before has been deleted, and is costly to walk over again. */
  private @Nullable TimerKey cursor;

  private int postponed;
  private boolean closed;

  Cleaner(
      TablesView tables,
      Proposer proposer,
      Loop loop,
      LongSupplier clockMillis,
      Runnable flush,
      Duration interval) {
    this.tables = tables;
    this.proposer = proposer;
    this.loop = loop;
    this.clockMillis = clockMillis;
    this.flush = flush;
    this.interval = interval;
  }

  void start() {
    again(interval);
  }

  private void again(Duration delay) {
    if (!closed) {
      next = loop.schedule(delay, this::clean);
    }
  }

  private void clean() {
    if (closed) {
      return;
    }
    if (!proposer.idle() && postponed++ < PATIENCE) {
      again(SOON);
      return;
    }
    List<TimerKey> expired = new ArrayList<>();
    try (var scan = tables.expiriesBefore(cursor, clockMillis.getAsLong())) {
      while (expired.size() < BATCH && scan.next()) {
        expired.add(scan.key());
      }
    }
    if (expired.size() < BATCH) {
      // An entry that was under way may have added something before the cursor: begin again.
      cursor = null;
      postponed = 0;
    } else {
      cursor = expired.getLast();
    }
    if (expired.isEmpty()) {
      again(interval);
      return;
    }
    Duration pause = cursor == null ? interval : SOON;
    proposer.finish(new Command.PurgeExpired(expired), result -> again(pause));
    flush.run();
  }

  void close() {
    closed = true;
    if (next != null) {
      next.cancel();
    }
  }
}
