package dev.reprise.storage.kv.rocksdb;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** One native iterator. Confined to one thread, but ended by whichever closes the store. */
final class RocksDbCursor implements Cursor, RocksDbStore.Child {
  private final RocksDbStore store;
  private final ScanOptions options;
  private final RocksIterator rows;
  private final byte[] from;
  private boolean started;
  private boolean onRow;
  private boolean done;
  private boolean stoppedShort;
  private boolean closed;

  RocksDbCursor(RocksDbStore store, ScanOptions options, RocksIterator rows, byte[] from) {
    this.store = store;
    this.options = options;
    this.rows = rows;
    this.from = from.clone();
  }

  @Override
  public boolean next() {
    expectOpen();
    if (done) {
      return false;
    }
    store.gate().enter();
    try {
      if (started) {
        rows.next();
      } else {
        rows.seek(from);
        started = true;
      }
      onRow = rows.isValid();
      store.nativeCalls().add(2);
      if (!onRow) {
        end();
      }
      return onRow;
    } finally {
      store.gate().leave();
    }
  }

  @Override
  public byte[] key() {
    enterRow();
    try {
      return rows.key();
    } finally {
      store.gate().leave();
    }
  }

  @Override
  public byte[] value() {
    enterRow();
    try {
      return rows.value();
    } finally {
      store.gate().leave();
    }
  }

  @Override
  public boolean stoppedShort() {
    return stoppedShort;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      store.dispose(this);
    }
  }

  @Override
  public void disposeNative() {
    rows.close();
    store.nativeCalls().add(1);
    store.scanOptions().giveBack(options);
  }

  /** An iterator that is not on a row is at the end, or has failed. */
  private void end() {
    done = true;
    store.nativeCalls().add(1);
    try {
      rows.status();
    } catch (RocksDBException e) {
      if (!options.onlyCached() || !Errors.isIncomplete(e)) {
        throw Errors.of(e, "to read rows", store.directory());
      }
      stoppedShort = true;
    }
  }

  private void enterRow() {
    expectOpen();
    if (!onRow) {
      throw new IllegalStateException("Expected a current row, but next() did not say true");
    }
    store.gate().enter();
    store.nativeCalls().add(1);
  }

  private void expectOpen() {
    if (closed) {
      throw new StorageException(Reason.CLOSED, "Expected an open cursor, but it was closed");
    }
  }
}
