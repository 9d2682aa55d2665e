package dev.reprise.storage.table;

import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.KeyWriter;
import dev.reprise.storage.kv.WriteBatch;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table as one log entry sees them: what the entry changed, over a cache of what
 * was read or written before, over the store. Confined to the apply thread.
 *
 * <p>A row that is inserted and deleted by the same entry never reaches the store. The cache holds
 * a bounded number of rows and never changes an answer.
 */
public final class Rows<K, V> {
  private final Layout<K, V> layout;
  private final KeyValueStore store;
  private final Deque<Runnable> undo;
  private final Map<K, Change<V>> changes = new LinkedHashMap<>();
  private final Map<K, V> cache;
  private final int cacheLimit;
  private final KeyWriter keyBuffer = new KeyWriter();
  private final ByteWriter valueBuffer = new ByteWriter();

  /**
   * @param isNew nothing stands under this key in the store
   */
  private record Change<V>(@Nullable V value, boolean isNew) {}

  /**
   * @param undo where each change leaves how to take it back
   * @param cacheLimit rows kept in memory between entries, 0 for none
   */
  Rows(Layout<K, V> layout, KeyValueStore store, Deque<Runnable> undo, int cacheLimit) {
    this.layout = layout;
    this.store = store;
    this.undo = undo;
    this.cacheLimit = cacheLimit;
    this.cache = LinkedHashMap.newLinkedHashMap(Math.min(cacheLimit, 1024));
  }

  public @Nullable V find(K key) {
    Change<V> change = changes.get(key);
    if (change != null) {
      return change.value();
    }
    V cached = cache.get(key);
    if (cached != null) {
      return cached;
    }
    keyBuffer.reset();
    layout.writeKey(key, keyBuffer);
    byte[] stored = store.get(keyBuffer.toBytes());
    if (stored == null) {
      return null;
    }
    V value = layout.readValue(stored);
    remember(key, value);
    return value;
  }

  public boolean contains(K key) {
    return find(key) != null;
  }

  /** Adds a row that is not there yet; the caller knows that it is not. */
  public void insert(K key, V value) {
    Change<V> before = changes.get(key);
    change(key, before, new Change<>(value, before == null || before.isNew()));
  }

  /** Sets a row that may be there or not. */
  public void put(K key, V value) {
    Change<V> before = changes.get(key);
    change(key, before, new Change<>(value, before != null && before.isNew()));
  }

  /** Removes a row if it is there. */
  public void delete(K key) {
    Change<V> before = changes.get(key);
    if (before != null && before.isNew()) {
      // Back to what the store has: nothing.
      change(key, before, null);
    } else {
      change(key, before, new Change<>(null, false));
    }
  }

  /**
   * Walks the rows of a prefix in the order of their keys, as this entry sees them. Reads the
   * store: for rare paths.
   *
   * @param has tells which changed rows belong to the prefix
   */
  public void scan(byte[] prefix, Predicate<K> has, BiConsumer<K, V> visitor) {
    TreeMap<byte[], Map.Entry<K, V>> found = new TreeMap<>(Arrays::compareUnsigned);
    try (Cursor cursor = store.scan(prefix, KeyWriter.successorOfPrefix(prefix))) {
      while (cursor.next()) {
        K key = layout.readKey(cursor.key());
        found.put(cursor.key(), Map.entry(key, layout.readValue(cursor.value())));
      }
    }
    changes.forEach(
        (key, change) -> {
          if (has.test(key)) {
            V value = change.value();
            if (value == null) {
              found.remove(layout.key(key));
            } else {
              found.put(layout.key(key), Map.entry(key, value));
            }
          }
        });
    found.values().forEach(row -> visitor.accept(row.getKey(), row.getValue()));
  }

  /** Walks the rows that this entry added and did not remove again, in no order to rely on. */
  void forEachInserted(BiConsumer<K, V> visitor) {
    changes.forEach(
        (key, change) -> {
          V value = change.value();
          if (change.isNew() && value != null) {
            visitor.accept(key, value);
          }
        });
  }

  private void change(K key, @Nullable Change<V> before, @Nullable Change<V> after) {
    undo.push(() -> set(key, before));
    set(key, after);
  }

  private void set(K key, @Nullable Change<V> change) {
    if (change == null) {
      changes.remove(key);
    } else {
      changes.put(key, change);
    }
  }

  /** Writes what changed, in the order in which it changed. */
  void write(WriteBatch batch) {
    changes.forEach(
        (key, change) -> {
          keyBuffer.reset();
          layout.writeKey(key, keyBuffer);
          V value = change.value();
          if (value == null) {
            batch.delete(keyBuffer);
          } else {
            valueBuffer.reset();
            layout.writeValue(value, valueBuffer);
            batch.put(keyBuffer, valueBuffer);
          }
        });
  }

  /** The changes are in the store: what comes next sees them there. */
  void committed() {
    changes.forEach(
        (key, change) -> {
          V value = change.value();
          cache.remove(key);
          if (value != null) {
            remember(key, value);
          }
        });
    changes.clear();
  }

  private void remember(K key, V value) {
    if (cacheLimit == 0) {
      return;
    }
    if (cache.size() >= cacheLimit) {
      // The row that has been here longest; a row that changes moves to the end.
      var oldest = cache.entrySet().iterator();
      oldest.next();
      oldest.remove();
    }
    cache.put(key, value);
  }
}
