package dev.reprise.storage.kv.rocksdb;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.DirectSlice;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.Snapshot;

/**
 * The native options of one scan at a time, with an upper bound that can be set again: made new for
 * each scan they would cost six native calls, reused they cost one. Used by one thread at a time,
 * and never changed while an iterator made from it lives: the iterator reads the bound from here.
 */
final class ScanOptions {
  /** Longer bounds are possible, but their options are not kept. */
  static final int KEPT_BOUND_BYTES = 512;

  private final NativeCalls calls;
  private final boolean onlyCached;
  private final ReadOptions options = new ReadOptions();
  private final @Nullable ByteBuffer bound;
  private final @Nullable DirectSlice boundSlice;
  private @Nullable Snapshot view;

  /** Options for bounds up to a length; 0: without a bound. */
  ScanOptions(NativeCalls calls, boolean onlyCached, int maxBoundBytes) {
    this.calls = calls;
    this.onlyCached = onlyCached;
    if (onlyCached) {
      options.setReadTier(ReadTier.BLOCK_CACHE_TIER);
    }
    if (maxBoundBytes > 0) {
      bound = ByteBuffer.allocateDirect(maxBoundBytes);
      boundSlice = new DirectSlice(bound, maxBoundBytes);
      options.setIterateUpperBound(boundSlice);
    } else {
      bound = null;
      boundSlice = null;
    }
    calls.add(4);
  }

  boolean onlyCached() {
    return onlyCached;
  }

  boolean isKept() {
    return bound != null && bound.capacity() == KEPT_BOUND_BYTES;
  }

  /** The options to look at a snapshot, or at now, up to an exclusive bound. */
  ReadOptions prepare(@Nullable Snapshot newView, byte[] to) {
    if (bound != null && boundSlice != null) {
      bound.put(0, to);
      boundSlice.setLength(to.length);
      calls.add(1);
    }
    if (view != newView) {
      options.setSnapshot(newView);
      view = newView;
      calls.add(1);
    }
    return options;
  }

  void close() {
    options.close();
    if (boundSlice != null) {
      boundSlice.close();
    }
    calls.add(2);
  }
}
