package dev.reprise.cluster.metadata;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.Snapshot;
import dev.reprise.storage.kv.WriteBatch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** As much of a store as the registry needs: a sorted map. Confined to one thread. */
final class SortedStore implements KeyValueStore {
  private final NavigableMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);

  @Override
  public void write(WriteBatch batch) {
    batch.forEach(
        new WriteBatch.Visitor() {
          @Override
          public void put(byte[] key, byte[] value) {
            rows.put(key, value);
          }

          @Override
          public void delete(byte[] key) {
            rows.remove(key);
          }

          @Override
          public void deleteRange(byte[] from, byte[] to) {
            rows.subMap(from, to).clear();
          }
        });
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    byte[] value = rows.get(key);
    return value == null ? null : value.clone();
  }

  @Override
  public Cursor scan(byte[] from, byte[] to) {
    var range = new TreeMap<>(rows.subMap(from, to)).entrySet().iterator();
    return new Walk(range);
  }

  @Override
  public Cursor scanCached(byte[] from, byte[] to) {
    return scan(from, to);
  }

  @Override
  public Snapshot snapshot() {
    throw new UnsupportedOperationException("Expected no snapshot of the registry");
  }

  @Override
  public void flush() {}

  @Override
  public void checkpoint(Path directory) {
    throw new UnsupportedOperationException("Expected no checkpoint of the registry");
  }

  @Override
  public void close() {}

  private static final class Walk implements Cursor {
    private final Iterator<Map.Entry<byte[], byte[]>> rest;
    private Map.@Nullable Entry<byte[], byte[]> row;

    Walk(Iterator<Map.Entry<byte[], byte[]>> rest) {
      this.rest = rest;
    }

    @Override
    public boolean next() {
      row = rest.hasNext() ? rest.next() : null;
      return row != null;
    }

    @Override
    public byte[] key() {
      return current().getKey();
    }

    @Override
    public byte[] value() {
      return current().getValue();
    }

    @Override
    public boolean stoppedShort() {
      return false;
    }

    @Override
    public void close() {}

    private Map.Entry<byte[], byte[]> current() {
      if (row == null) {
        throw new IllegalStateException("Expected a row, but next() did not say so");
      }
      return row;
    }
  }
}
