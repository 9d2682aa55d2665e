package dev.reprise.storage.kv;

import static dev.reprise.storage.kv.Rows.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random histories of a store, and the plain sorted map that says what must be read after each. */
public final class StoreHistories {
  /** One step; the bytes of a key or bound are of odd shapes, so that orders and prefixes meet. */
  public sealed interface Step {
    /** Puts and deletes in one batch; a value of null deletes. */
    record Write(List<Change> changes) implements Step {}

    /** Reads a range, from the store and from the oldest open snapshot. */
    record Scan(List<Byte> from, List<Byte> to) implements Step {}

    record OpenSnapshot() implements Step {}

    record CloseSnapshot() implements Step {}

    record Flush() implements Step {}
  }

  /** A part of a batch. */
  public sealed interface Change {
    record Put(List<Byte> key, List<Byte> value) implements Change {}

    record Delete(List<Byte> key) implements Change {}

    /** The bounds may come in either order; the smaller one is the start. */
    record DeleteRange(List<Byte> oneBound, List<Byte> otherBound) implements Change {}
  }

  private final KeyValueStore store;
  private final NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
  private final List<Snapshot> snapshots = new ArrayList<>();
  private final List<NavigableMap<byte[], byte[]>> modelSnapshots = new ArrayList<>();

  private StoreHistories(KeyValueStore store) {
    this.store = store;
  }

  public static Arbitrary<List<Step>> histories() {
    Arbitrary<List<Byte>> key = keys();
    Arbitrary<List<Byte>> value = Arbitraries.bytes().list().ofMaxSize(20);
    Arbitrary<Change> put = Combinators.combine(key, value).as(Change.Put::new);
    Arbitrary<Change> delete = key.map(Change.Delete::new);
    Arbitrary<Change> deleteRange = Combinators.combine(key, key).as(Change.DeleteRange::new);
    Arbitrary<Change> change = Arbitraries.oneOf(put, put, put, delete, deleteRange);
    Arbitrary<Step> write = change.list().ofMinSize(1).ofMaxSize(6).map(Step.Write::new);
    Arbitrary<Step> scan = Combinators.combine(key, key).as(Step.Scan::new);
    Arbitrary<Step> rare =
        Arbitraries.of(new Step.OpenSnapshot(), new Step.CloseSnapshot(), new Step.Flush());
    return Arbitraries.oneOf(write, write, scan, rare).list().ofMaxSize(40);
  }

  /** Few different bytes and lengths, so that keys collide, begin one another and overflow. */
  private static Arbitrary<List<Byte>> keys() {
    Arbitrary<Byte> odd = Arbitraries.of((byte) 0, (byte) 1, (byte) 0x7F, (byte) 0x80, (byte) 0xFF);
    return odd.list().ofMaxSize(4);
  }

  /** Does all steps and compares every answer with the model's. */
  public static void check(List<Step> history, KeyValueStore store) {
    var run = new StoreHistories(store);
    for (Step step : history) {
      run.check(step);
    }
    run.checkRange(new byte[0], new byte[0]);
    run.snapshots.forEach(Snapshot::close);
  }

  private void check(Step step) {
    switch (step) {
      case Step.Write write -> write(write.changes());
      case Step.Scan scan -> checkRange(array(scan.from()), array(scan.to()));
      case Step.OpenSnapshot ignored -> {
        snapshots.add(store.snapshot());
        modelSnapshots.add(new TreeMap<>(model));
      }
      case Step.CloseSnapshot ignored -> {
        if (!snapshots.isEmpty()) {
          snapshots.removeFirst().close();
          modelSnapshots.removeFirst();
        }
      }
      case Step.Flush ignored -> store.flush();
    }
  }

  private void write(List<Change> changes) {
    var batch = new WriteBatch();
    for (Change change : changes) {
      switch (change) {
        case Change.Put put -> {
          batch.put(array(put.key()), array(put.value()));
          model.put(array(put.key()), array(put.value()));
        }
        case Change.Delete delete -> {
          batch.delete(array(delete.key()));
          model.remove(array(delete.key()));
        }
        case Change.DeleteRange range -> {
          byte[] one = array(range.oneBound());
          byte[] other = array(range.otherBound());
          boolean inOrder = Arrays.compareUnsigned(one, other) <= 0;
          byte[] from = inOrder ? one : other;
          byte[] to = inOrder ? other : one;
          if (to.length > 0) {
            batch.deleteRange(from, to);
            model.subMap(from, to).clear();
          }
        }
      }
    }
    store.write(batch);
  }

  private void checkRange(byte[] from, byte[] to) {
    assertThat(read(store, from, to)).isEqualTo(read(model, from, to));
    byte[] stored = store.get(from);
    byte[] expected = model.get(from);
    assertThat(stored).isEqualTo(expected);
    if (!snapshots.isEmpty()) {
      assertThat(read(snapshots.getFirst(), from, to))
          .isEqualTo(read(modelSnapshots.getFirst(), from, to));
    }
  }

  private static List<String> read(Reads reads, byte[] from, byte[] to) {
    var rows = new ArrayList<String>();
    try (Cursor cursor = reads.scan(from, to)) {
      while (cursor.next()) {
        rows.add(hex(cursor.key()) + "=" + hex(cursor.value()));
      }
    }
    return rows;
  }

  private static List<String> read(NavigableMap<byte[], byte[]> model, byte[] from, byte[] to) {
    if (to.length > 0 && Arrays.compareUnsigned(from, to) >= 0) {
      return List.of();
    }
    var range = to.length == 0 ? model.tailMap(from, true) : model.subMap(from, true, to, false);
    return range.entrySet().stream()
        .map(it -> hex(it.getKey()) + "=" + hex(it.getValue()))
        .toList();
  }

  static byte[] array(List<Byte> bytes) {
    byte[] array = new byte[bytes.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = bytes.get(i);
    }
    return array;
  }
}
