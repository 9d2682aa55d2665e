package dev.reprise.storage.kv.memory;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.Snapshot;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import dev.reprise.storage.kv.WriteBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that shows what the store on disk may show: {@link #crash} forgets writes that
 * were not flushed, {@link #refuseWrites} is a full disk, {@link #cool} is a cache that holds
 * nothing. Reads from any thread, one writer at a time.
 */
public final class MemoryStore implements KeyValueStore {
  /**
   * So many writes can be lost at most; older ones count as flushed, as a store on disk flushes by
   * itself when its memory is full.
   */
  private static final int MAX_UNFLUSHED_WRITES = 10_000;

  /** The rows before each write that is not flushed yet, oldest first. Guarded by itself. */
  private final List<SortedRows> history = new ArrayList<>();

  private volatile SortedRows rows;
  private volatile boolean closed;
  private volatile boolean refusing;
  private volatile boolean cold;

  /** An empty store. */
  public MemoryStore() {
    this(SortedRows.EMPTY);
  }

  private MemoryStore(SortedRows rows) {
    this.rows = rows;
  }

  /** A store with the rows of a {@link #checkpoint}; independent of it from now on. */
  public static MemoryStore open(Path checkpoint) {
    return new MemoryStore(CheckpointFile.read(checkpoint));
  }

  @Override
  public void write(WriteBatch batch) {
    expectWritable();
    if (batch.isEmpty()) {
      return;
    }
    SortedRows before = rows;
    var change = new Change(before);
    batch.forEach(change);
    synchronized (history) {
      if (history.size() == MAX_UNFLUSHED_WRITES) {
        history.subList(0, MAX_UNFLUSHED_WRITES / 2).clear();
      }
      history.add(before);
      rows = change.rows;
    }
  }

  @Override
  public void flush() {
    expectWritable();
    synchronized (history) {
      history.clear();
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return get(rows, key);
  }

  @Override
  public Cursor scan(byte[] from, byte[] to) {
    return scan(rows, from, to, false);
  }

  @Override
  public Cursor scanCached(byte[] from, byte[] to) {
    return scan(rows, from, to, true);
  }

  @Override
  public Snapshot snapshot() {
    expectOpen();
    return new MemorySnapshot(this, rows);
  }

  /** Writes one file with all rows; see {@link #open}. */
  @Override
  public void checkpoint(Path directory) {
    expectWritable();
    CheckpointFile.write(directory, rows);
  }

  /** Memory does not rot. */
  @Override
  public void verify(BooleanSupplier goOn) {
    expectOpen();
  }

  @Override
  public void close() {
    closed = true;
  }

  /** What an orderly restart finds: everything. Closes this store. */
  public MemoryStore reopen() {
    return crash(0);
  }

  /**
   * What a restart finds after a crash: everything but the last {@code lostWrites} batches, or as
   * many of them as were not flushed. Closes this store.
   */
  public MemoryStore crash(int lostWrites) {
    close();
    synchronized (history) {
      int lost = Math.min(lostWrites, history.size());
      return new MemoryStore(lost == 0 ? rows : history.get(history.size() - lost));
    }
  }

  /** How many batches a crash could forget now. */
  public int unflushedWrites() {
    synchronized (history) {
      return history.size();
    }
  }

  /** From now on writes, flushes and checkpoints fail and change nothing, or work again. */
  public void refuseWrites(boolean refuse) {
    refusing = refuse;
  }

  /** From now on {@link #scanCached} finds no row in memory, or all again. */
  public void cool(boolean nothingCached) {
    cold = nothingCached;
  }

  byte @Nullable [] get(SortedRows view, byte[] key) {
    expectOpen();
    byte[] value = view.get(key);
    return value == null ? null : value.clone();
  }

  Cursor scan(SortedRows view, byte[] from, byte[] to, boolean onlyCached) {
    expectOpen();
    return new MemoryCursor(this, view.from(from), to, onlyCached && cold);
  }

  void expectOpen() {
    if (closed) {
      throw new StorageException(
          Reason.CLOSED, "Expected an open store in memory, but it was closed");
    }
  }

  private void expectWritable() {
    expectOpen();
    if (refusing) {
      throw new StorageException(
          Reason.FAILED, "Expected space for a write, but this store was told to refuse it");
    }
  }

  /** Rows to which a batch is being applied. */
  private static final class Change implements WriteBatch.Visitor {
    private SortedRows rows;

    Change(SortedRows rows) {
      this.rows = rows;
    }

    @Override
    public void put(byte[] key, byte[] value) {
      rows = rows.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
      rows = rows.delete(key);
    }

    @Override
    public void deleteRange(byte[] from, byte[] to) {
      rows = rows.deleteRange(from, to);
    }
  }
}
