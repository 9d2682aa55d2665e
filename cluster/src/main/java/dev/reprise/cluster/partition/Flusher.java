package dev.reprise.cluster.partition;

import dev.reprise.cluster.log.LogPosition;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.table.Applied;
import dev.reprise.storage.table.TablesView;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how much of the log must be replayed after a restart: once enough has been applied, the
 * store is made durable in the background. The log may be cut up to {@link #flushed}.
 */
final class Flusher {
  private static final Logger log = LoggerFactory.getLogger(Flusher.class);
  private static final long ENTRIES = 100_000;

  private final KeyValueStore store;
  private final long bytesAtMost;
  private final Executor background;
  private final AtomicBoolean flushing = new AtomicBoolean();
  private volatile LogPosition flushed;

  // Confined to the apply thread.
  private long bytes;
  private long entries;

  /**
   * @param flushed what the store held when it was opened
   * @param bytesAtMost of entries that are not flushed
   * @param background may block on disk
   */
  Flusher(KeyValueStore store, LogPosition flushed, long bytesAtMost, Executor background) {
    this.store = store;
    this.bytesAtMost = bytesAtMost;
    this.flushed = flushed;
    this.background = background;
  }

  /** The newest position known to survive a crash. Any thread. */
  LogPosition flushed() {
    return flushed;
  }

  /** An entry was applied. Apply thread. */
  void applied(LogPosition at, int size) {
    bytes += size;
    entries++;
    if ((bytes >= bytesAtMost || entries >= ENTRIES) && flushing.compareAndSet(false, true)) {
      bytes = 0;
      entries = 0;
      background.execute(() -> flush(at));
    }
  }

  /**
   * Makes what is applied durable now. Any thread that may block.
   *
   * @return the newest position that is durable
   * @throws StorageException if the store cannot write
   */
  LogPosition flushNow() {
    Applied applied = TablesView.applied(store);
    LogPosition at = new LogPosition(applied.term(), applied.index());
    store.flush();
    return reached(at);
  }

  /** Two may have flushed at a time: the later one counts. */
  private synchronized LogPosition reached(LogPosition at) {
    if (at.compareTo(flushed) > 0) {
      flushed = at;
    }
    return flushed;
  }

  private void flush(LogPosition at) {
    try {
      store.flush();
      reached(at);
    } catch (StorageException e) {
      log.warn("flush failed, the log is kept from {} on", flushed.index(), e);
    } finally {
      flushing.set(false);
    }
  }
}
