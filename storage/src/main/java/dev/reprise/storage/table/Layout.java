package dev.reprise.storage.table;

import dev.reprise.storage.codec.Codec;
import dev.reprise.storage.codec.Parts;
import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.KeyReader;
import dev.reprise.storage.kv.KeyWriter;
import dev.reprise.storage.kv.StorageException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * How the rows of one table are written: its number, the order of its keys, the form of its values.
 * {@link Layouts} has all of them.
 */
public final class Layout<K, V> {
  private final TableId table;
  private final BiConsumer<K, KeyWriter> keyWriter;
  private final Function<KeyReader, K> keyReader;
  private final Codec<V> values;

  Layout(
      TableId table,
      BiConsumer<K, KeyWriter> keyWriter,
      Function<KeyReader, K> keyReader,
      Codec<V> values) {
    this.table = table;
    this.keyWriter = keyWriter;
    this.keyReader = keyReader;
    this.values = values;
  }

  public TableId table() {
    return table;
  }

  /** Writes the whole key, table number first. */
  public void writeKey(K key, KeyWriter out) {
    out.uint8(table.number());
    keyWriter.accept(key, out);
  }

  public byte[] key(K key) {
    KeyWriter out = new KeyWriter();
    writeKey(key, out);
    return out.toBytes();
  }

  public K readKey(byte[] key) {
    KeyReader in = new KeyReader(key);
    if (in.uint8() != table.number()) {
      throw new StorageException("Expected a key of " + table + ", but found another");
    }
    K read = Parts.whole("a key of " + table, () -> keyReader.apply(in));
    in.expectEnd();
    return read;
  }

  public void writeValue(V value, ByteWriter out) {
    values.write(value, out);
  }

  public V readValue(byte[] value) {
    ByteReader in = new ByteReader(value);
    V read = Parts.whole("a value of " + table, () -> values.read(in));
    in.expectEnd();
    return read;
  }

  /** The prefix that all keys of this table share. */
  public byte[] prefix() {
    return new byte[] {(byte) table.number()};
  }
}
