package dev.reprise.storage.table;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.KeyWriter;
import dev.reprise.storage.model.InvocationId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Queues of invocations in one table, each ordered by sequence. Confined to the apply thread.
 *
 * <p>The heads of queues that are in use are remembered, so that taking the first reads nothing; a
 * remembered head is always a prefix of the queue.
 *
 * @param <Q> names a queue
 * @param <K> a place in one
 */
final class Queues<Q, K> {
  private static final int HEADS = 1_024;
  private static final int HEAD_LENGTH = 256;

  /** How the keys of the table are made and read. */
  record Shape<Q, K>(
      Layout<K, InvocationId> layout,
      Function<Q, byte[]> prefix,
      BiFunction<Q, Long, K> place,
      Function<K, Q> queue,
      ToLongFunction<K> sequence) {}

  private final Rows<K, InvocationId> rows;
  private final KeyValueStore store;
  private final Shape<Q, K> shape;
  private final Map<Q, Deque<Map.Entry<K, InvocationId>>> heads = new LinkedHashMap<>();

  Queues(Rows<K, InvocationId> rows, KeyValueStore store, Shape<Q, K> shape) {
    this.rows = rows;
    this.store = store;
    this.shape = shape;
  }

  /**
   * Adds at the end.
   *
   * @param before how many are in the queue
   * @param sequence larger than any before
   */
  void add(Q queue, int before, long sequence, InvocationId id) {
    K place = shape.place.apply(queue, sequence);
    rows.insert(place, id);
    Deque<Map.Entry<K, InvocationId>> head = heads.get(queue);
    if (head == null && before == 0) {
      head = remember(queue);
    }
    if (head != null && head.size() == before && head.size() < HEAD_LENGTH) {
      head.add(Map.entry(place, id));
    }
  }

  /** Adds where the sequence belongs: it may be before others. */
  void insert(Q queue, long sequence, InvocationId id) {
    rows.insert(shape.place.apply(queue, sequence), id);
    heads.remove(queue);
  }

  /** Removes one before its turn. */
  void remove(Q queue, long sequence) {
    rows.delete(shape.place.apply(queue, sequence));
    // It may stand anywhere in what is remembered: read that again when it is needed.
    heads.remove(queue);
  }

  /** Removes the first and says who that was; null when there is none. */
  @Nullable InvocationId poll(Q queue) {
    Deque<Map.Entry<K, InvocationId>> head = heads.get(queue);
    if (head == null || head.isEmpty()) {
      head = remember(queue);
      read(queue, head);
    }
    Map.Entry<K, InvocationId> first = head.poll();
    if (first == null) {
      return null;
    }
    rows.delete(first.getKey());
    return first.getValue();
  }

  /** The queue is not in use any more. */
  void leave(Q queue) {
    heads.remove(queue);
  }

  private Deque<Map.Entry<K, InvocationId>> remember(Q queue) {
    if (heads.size() >= HEADS) {
      var oldest = heads.entrySet().iterator();
      oldest.next();
      oldest.remove();
    }
    Deque<Map.Entry<K, InvocationId>> head = new ArrayDeque<>();
    heads.put(queue, head);
    return head;
  }

  /**
   * Reads the front of the queue: rows of the store that this entry did not take, and its own. What
   * a command that was taken back had deleted, or what moved here, may stand before what came
   * later: they are put in order.
   */
  private void read(Q queue, Deque<Map.Entry<K, InvocationId>> head) {
    NavigableMap<Long, Map.Entry<K, InvocationId>> front = new TreeMap<>();
    byte[] prefix = shape.prefix.apply(queue);
    try (Cursor cursor = store.scan(prefix, KeyWriter.successorOfPrefix(prefix))) {
      while (front.size() < HEAD_LENGTH && cursor.next()) {
        K place = shape.layout.readKey(cursor.key());
        InvocationId id = rows.find(place);
        if (id != null) {
          front.put(shape.sequence.applyAsLong(place), Map.entry(place, id));
        }
      }
    }
    long last = front.size() < HEAD_LENGTH ? Long.MAX_VALUE : front.lastKey();
    rows.forEachInserted(
        (place, id) -> {
          long sequence = shape.sequence.applyAsLong(place);
          if (sequence < last && shape.queue.apply(place).equals(queue)) {
            front.put(sequence, Map.entry(place, id));
          }
        });
    for (Map.Entry<K, InvocationId> row : front.values()) {
      if (head.size() < HEAD_LENGTH) {
        head.add(row);
      }
    }
  }

  /** What is remembered may be wrong: read it again when it is needed. */
  void forget() {
    heads.clear();
  }
}
