package dev.reprise.storage.kv.rocksdb;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.Snapshot;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.WriteBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * A store on disk: one RocksDB instance with one column family and without a write-ahead log. The
 * replicated log is the only log; what a crash takes from here is applied again from there.
 *
 * <p>Every native handle is used inside {@link #gate}, and all of them end in {@link #close}: a use
 * after that throws and never reaches native code.
 */
public final class RocksDbStore implements KeyValueStore {
  private final Path directory;
  private final RocksDB db;
  private final Options options;
  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
  private final ReadOptions readOptions = new ReadOptions();
  private final Gate gate;
  private final NativeCalls calls = new NativeCalls();
  private final ScanOptionsPool scanOptions = new ScanOptionsPool(calls);

  /** Cursors and snapshots that are open. */
  private final Set<Child> children = ConcurrentHashMap.newKeySet();

  private RocksDbStore(Path directory, RocksDB db, Options options) {
    this.directory = directory;
    this.db = db;
    this.options = options;
    this.gate = new Gate("the store at " + directory);
  }

  /**
   * Opens the store in a directory, or makes an empty one in a directory that is empty or does not
   * exist. Throws {@link StorageException}: {@code UNUSABLE} if the directory holds something else
   * or is open elsewhere, {@code CORRUPT} if files of the store are damaged or missing.
   */
  public static RocksDbStore open(Path directory, RocksDbResources shared) {
    StoreDirectory.prepare(directory);
    Options options = shared.options();
    try {
      return new RocksDbStore(directory, RocksDB.open(options, directory.toString()), options);
    } catch (RocksDBException e) {
      options.close();
      throw Errors.of(e, "to open", directory);
    }
  }

  /** Three native calls, whatever the number of operations. */
  @Override
  public void write(WriteBatch batch) {
    gate.enter();
    try {
      if (!batch.isEmpty()) {
        try (var handedOver = new org.rocksdb.WriteBatch(batch.toBytes())) {
          db.write(writeOptions, handedOver);
        }
        calls.add(3);
      }
    } catch (RocksDBException e) {
      throw Errors.of(e, "to write", directory);
    } finally {
      gate.leave();
    }
  }

  /** One native call. */
  @Override
  public byte @Nullable [] get(byte[] key) {
    return get(readOptions, key);
  }

  @Override
  public Cursor scan(byte[] from, byte[] to) {
    return scan(null, from, to, false);
  }

  @Override
  public Cursor scanCached(byte[] from, byte[] to) {
    return scan(null, from, to, true);
  }

  @Override
  public Snapshot snapshot() {
    gate.enter();
    try {
      var snapshot = new RocksDbSnapshot(this, db.getSnapshot());
      calls.add(1);
      children.add(snapshot);
      return snapshot;
    } finally {
      gate.leave();
    }
  }

  @Override
  public void flush() {
    gate.enter();
    try {
      flushAll();
    } catch (RocksDBException e) {
      throw Errors.of(e, "to flush", directory);
    } finally {
      gate.leave();
    }
  }

  @Override
  public void checkpoint(Path target) {
    gate.enter();
    try (Checkpoint checkpoint = Checkpoint.create(db)) {
      StoreDirectory.expectVacant(target);
      checkpoint.createCheckpoint(target.toString());
      calls.add(3);
    } catch (RocksDBException e) {
      throw Errors.of(e, "to make a checkpoint at " + target, directory);
    } finally {
      gate.leave();
    }
  }

  /** File by file, outside of the gate, so that closing never waits for more than a listing. */
  @Override
  public void verify(BooleanSupplier goOn) {
    for (Path file : tableFiles()) {
      if (!goOn.getAsBoolean()) {
        return;
      }
      try {
        TableFile.verify(file);
      } catch (RocksDBException e) {
        // What a compaction has replaced meanwhile is nobody's any more.
        if (tableFiles().contains(file)) {
          throw Errors.of(e, "to verify " + file, directory);
        }
      }
    }
  }

  private List<Path> tableFiles() {
    gate.enter();
    try {
      calls.add(1);
      return db.getLiveFilesMetaData().stream()
          .map(it -> directory.resolve(it.fileName().substring(1)))
          .toList();
    } finally {
      gate.leave();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>The store is closed even where this throws because the last writes could not be flushed.
   */
  @Override
  public void close() {
    if (!gate.close()) {
      return;
    }
    children.forEach(Child::disposeNative);
    children.clear();
    scanOptions.close();
    try {
      // RocksDB would do it too, but would not say that it failed.
      flushAll();
    } catch (RocksDBException e) {
      throw Errors.of(e, "to flush before closing", directory);
    } finally {
      db.close();
      writeOptions.close();
      readOptions.close();
      options.close();
    }
  }

  /** The calls into native code so far, for tests and metrics. */
  public NativeCalls nativeCalls() {
    return calls;
  }

  public Path directory() {
    return directory;
  }

  byte @Nullable [] get(ReadOptions view, byte[] key) {
    gate.enter();
    try {
      calls.add(1);
      return db.get(view, key);
    } catch (RocksDBException e) {
      throw Errors.of(e, "to read a row", directory);
    } finally {
      gate.leave();
    }
  }

  Cursor scan(org.rocksdb.@Nullable Snapshot view, byte[] from, byte[] to, boolean onlyCached) {
    gate.enter();
    try {
      ScanOptions scan = scanOptions.take(to.length, onlyCached);
      RocksIterator rows = db.newIterator(scan.prepare(view, to));
      calls.add(1);
      var cursor = new RocksDbCursor(this, scan, rows, from);
      children.add(cursor);
      return cursor;
    } finally {
      gate.leave();
    }
  }

  /** Ends a cursor or snapshot, unless the store has ended and it with it. */
  void dispose(Child child) {
    if (gate.tryEnter()) {
      try {
        children.remove(child);
        child.disposeNative();
      } finally {
        gate.leave();
      }
    }
  }

  void release(org.rocksdb.Snapshot view) {
    db.releaseSnapshot(view);
    calls.add(1);
  }

  Gate gate() {
    return gate;
  }

  ScanOptionsPool scanOptions() {
    return scanOptions;
  }

  private void flushAll() throws RocksDBException {
    try (var flush = new FlushOptions().setWaitForFlush(true)) {
      db.flush(flush);
      calls.add(4);
    }
  }

  /** Something with a native handle of its own. */
  interface Child {
    /** Frees the handle, once, where nobody uses it: inside the gate by its owner, or after it. */
    void disposeNative();
  }
}
