package dev.reprise.storage.kv.rocksdb;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the calls from Java into the native library: each costs more than the work of a cached
 * row, so tests hold the number of them. Any thread.
 */
public final class NativeCalls {
  private final LongAdder calls = new LongAdder();

  void add(int count) {
    calls.add(count);
  }

  /** Calls since the store was opened. */
  public long total() {
    return calls.sum();
  }
}
