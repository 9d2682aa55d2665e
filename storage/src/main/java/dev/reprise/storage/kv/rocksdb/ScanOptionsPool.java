package dev.reprise.storage.kv.rocksdb;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Options of past scans, kept for the next ones. Any thread. */
final class ScanOptionsPool {
  private static final int MAX_KEPT = 16;

  private final NativeCalls calls;
  private final Deque<ScanOptions> kept = new ArrayDeque<>();
  private final Deque<ScanOptions> keptForCached = new ArrayDeque<>();

  ScanOptionsPool(NativeCalls calls) {
    this.calls = calls;
  }

  ScanOptions take(int boundBytes, boolean onlyCached) {
    if (boundBytes == 0 || boundBytes > ScanOptions.KEPT_BOUND_BYTES) {
      return new ScanOptions(calls, onlyCached, boundBytes);
    }
    ScanOptions reused = poll(onlyCached);
    return reused != null
        ? reused
        : new ScanOptions(calls, onlyCached, ScanOptions.KEPT_BOUND_BYTES);
  }

  /** Takes options back once their iterator is closed. */
  void giveBack(ScanOptions options) {
    if (!options.isKept() || !offer(options)) {
      options.close();
    }
  }

  synchronized void close() {
    kept.forEach(ScanOptions::close);
    keptForCached.forEach(ScanOptions::close);
    kept.clear();
    keptForCached.clear();
  }

  private synchronized @Nullable ScanOptions poll(boolean onlyCached) {
    return queue(onlyCached).pollLast();
  }

  private synchronized boolean offer(ScanOptions options) {
    Deque<ScanOptions> queue = queue(options.onlyCached());
    return queue.size() < MAX_KEPT && queue.add(options);
  }

  private Deque<ScanOptions> queue(boolean onlyCached) {
    return onlyCached ? keptForCached : kept;
  }
}
