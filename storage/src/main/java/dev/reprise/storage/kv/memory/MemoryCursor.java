package dev.reprise.storage.kv.memory;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import java.util.Arrays;

/** A walk with an end. Confined to one thread. */
final class MemoryCursor implements Cursor {
  private final MemoryStore store;
  private final SortedRows.Walk walk;
  private final byte[] to;
  private final boolean cold;
  private boolean onRow;
  private boolean done;
  private boolean stoppedShort;
  private boolean closed;

  /** A cold cursor stops short before its first row. */
  MemoryCursor(MemoryStore store, SortedRows.Walk walk, byte[] to, boolean cold) {
    this.store = store;
    this.walk = walk;
    this.to = to.clone();
    this.cold = cold;
  }

  @Override
  public boolean next() {
    expectOpen();
    boolean row = !done && walk.next() && before(walk.key());
    stoppedShort |= row && cold;
    onRow = row && !cold;
    done = !onRow;
    return onRow;
  }

  @Override
  public byte[] key() {
    expectRow();
    return walk.key().clone();
  }

  @Override
  public byte[] value() {
    expectRow();
    return walk.value().clone();
  }

  @Override
  public boolean stoppedShort() {
    return stoppedShort;
  }

  @Override
  public void close() {
    closed = true;
  }

  private boolean before(byte[] key) {
    return to.length == 0 || Arrays.compareUnsigned(key, to) < 0;
  }

  private void expectRow() {
    expectOpen();
    if (!onRow) {
      throw new IllegalStateException("Expected a current row, but next() did not say true");
    }
  }

  private void expectOpen() {
    store.expectOpen();
    if (closed) {
      throw new StorageException(Reason.CLOSED, "Expected an open cursor, but it was closed");
    }
  }
}
