package dev.reprise.storage.kv.memory;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.Snapshot;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import org.jspecify.annotations.Nullable;

/** The rows of one moment. Ends with its store, as on disk. Any thread. */
final class MemorySnapshot implements Snapshot {
  private final MemoryStore store;
  private final SortedRows rows;
  private volatile boolean closed;

  MemorySnapshot(MemoryStore store, SortedRows rows) {
    this.store = store;
    this.rows = rows;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    expectOpen();
    return store.get(rows, key);
  }

  @Override
  public Cursor scan(byte[] from, byte[] to) {
    expectOpen();
    return store.scan(rows, from, to, false);
  }

  @Override
  public Cursor scanCached(byte[] from, byte[] to) {
    expectOpen();
    return store.scan(rows, from, to, true);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void expectOpen() {
    if (closed) {
      throw new StorageException(Reason.CLOSED, "Expected an open snapshot, but it was closed");
    }
  }
}
