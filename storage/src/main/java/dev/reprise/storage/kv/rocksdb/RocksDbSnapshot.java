package dev.reprise.storage.kv.rocksdb;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.Snapshot;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;

/** One native snapshot, held by two gates: its own, and its store's. Any thread. */
final class RocksDbSnapshot implements Snapshot, RocksDbStore.Child {
  private final Gate gate = new Gate("the snapshot");
  private final RocksDbStore store;
  private final org.rocksdb.Snapshot view;
  private final ReadOptions options;

  RocksDbSnapshot(RocksDbStore store, org.rocksdb.Snapshot view) {
    this.store = store;
    this.view = view;
    this.options = new ReadOptions().setSnapshot(view);
    store.nativeCalls().add(2);
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    gate.enter();
    try {
      return store.get(options, key);
    } finally {
      gate.leave();
    }
  }

  @Override
  public Cursor scan(byte[] from, byte[] to) {
    return scan(from, to, false);
  }

  @Override
  public Cursor scanCached(byte[] from, byte[] to) {
    return scan(from, to, true);
  }

  @Override
  public void close() {
    if (gate.close()) {
      store.dispose(this);
    }
  }

  @Override
  public void disposeNative() {
    options.close();
    store.release(view);
    store.nativeCalls().add(1);
  }

  /** The cursor outlives the snapshot: its iterator has pinned what it needs. */
  private Cursor scan(byte[] from, byte[] to, boolean onlyCached) {
    gate.enter();
    try {
      return store.scan(view, from, to, onlyCached);
    } finally {
      gate.leave();
    }
  }
}
