package dev.reprise.storage.table;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.KeyWriter;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.ObjectId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Each object's key and the queue for it. Confined to the apply thread.
 *
 * <p>The heads of queues that are in use are remembered, so that handing a key on reads nothing; a
 * remembered head is always a prefix of the queue.
 */
public final class Inbox {
  private static final int HEADS = 1_024;
  private static final int HEAD_LENGTH = 256;

  private final Rows<ObjectId, ObjectLock> locks;
  private final Rows<Keys.Inbox, InvocationId> queues;
  private final KeyValueStore store;
  private final Map<ObjectId, Deque<Map.Entry<Keys.Inbox, InvocationId>>> heads =
      new LinkedHashMap<>();

  Inbox(
      Rows<ObjectId, ObjectLock> locks,
      Rows<Keys.Inbox, InvocationId> queues,
      KeyValueStore store) {
    this.locks = locks;
    this.queues = queues;
    this.store = store;
  }

  /** Who has the object's key, and how many wait; null when it is free. */
  public @Nullable ObjectLock lock(ObjectId object) {
    return locks.find(object);
  }

  /** Takes the free key. */
  public void acquire(ObjectId object, InvocationId holder) {
    locks.insert(object, new ObjectLock(holder, 0, 0));
  }

  /**
   * Waits at the end of the queue for a key that is taken.
   *
   * @param sequence larger than any before
   */
  public void enqueue(ObjectId object, ObjectLock lock, long sequence, InvocationId id) {
    Keys.Inbox place = new Keys.Inbox(object, sequence);
    queues.insert(place, id);
    locks.put(object, lock.withWaiting(lock.waiting() + 1));
    Deque<Map.Entry<Keys.Inbox, InvocationId>> head = heads.get(object);
    if (head == null && lock.waiting() == 0) {
      head = remember(object);
    }
    if (head != null && head.size() == lock.waiting() && head.size() < HEAD_LENGTH) {
      head.add(Map.entry(place, id));
    }
  }

  /** Leaves the queue before its turn. */
  public void leave(ObjectId object, ObjectLock lock, long sequence) {
    queues.delete(new Keys.Inbox(object, sequence));
    locks.put(object, lock.withWaiting(lock.waiting() - 1));
    // It may stand anywhere in what is remembered: read that again when it is needed.
    heads.remove(object);
  }

  /** Changes of the object's state are to be made when the key is handed on. */
  public void expectPatches(ObjectId object, ObjectLock lock, int patches) {
    locks.put(object, lock.withPatches(patches));
  }

  /**
   * Gives the key to the next in the queue, or frees it. Whatever patches were due have been made.
   *
   * @return who has it now, or null
   */
  public @Nullable InvocationId handOn(ObjectId object, ObjectLock lock) {
    if (lock.waiting() == 0) {
      locks.delete(object);
      heads.remove(object);
      return null;
    }
    Deque<Map.Entry<Keys.Inbox, InvocationId>> head = heads.get(object);
    if (head == null || head.isEmpty()) {
      head = remember(object);
      read(object, head);
    }
    Map.Entry<Keys.Inbox, InvocationId> next = head.poll();
    if (next == null) {
      throw new IllegalStateException(
          "Expected " + lock.waiting() + " waiting for " + object + ", but found none");
    }
    queues.delete(next.getKey());
    locks.put(object, new ObjectLock(next.getValue(), lock.waiting() - 1, 0));
    return next.getValue();
  }

  private Deque<Map.Entry<Keys.Inbox, InvocationId>> remember(ObjectId object) {
    if (heads.size() >= HEADS) {
      var oldest = heads.entrySet().iterator();
      oldest.next();
      oldest.remove();
    }
    Deque<Map.Entry<Keys.Inbox, InvocationId>> head = new ArrayDeque<>();
    heads.put(object, head);
    return head;
  }

  /** Reads the front of the queue: rows of the store that this entry did not take, then its own. */
  private void read(ObjectId object, Deque<Map.Entry<Keys.Inbox, InvocationId>> head) {
    byte[] prefix = Layouts.prefixOf(TableId.INBOX, object);
    try (Cursor cursor = store.scan(prefix, KeyWriter.successorOfPrefix(prefix))) {
      while (head.size() < HEAD_LENGTH && cursor.next()) {
        Keys.Inbox place = Layouts.INBOX.readKey(cursor.key());
        InvocationId id = queues.find(place);
        if (id != null) {
          head.add(Map.entry(place, id));
        }
      }
      if (head.size() == HEAD_LENGTH) {
        return;
      }
    }
    // What a command that was taken back had deleted is behind what came after it: sort.
    NavigableMap<Long, Map.Entry<Keys.Inbox, InvocationId>> added = new TreeMap<>();
    queues.forEachInserted(
        (place, id) -> {
          if (place.object().equals(object)) {
            added.put(place.sequence(), Map.entry(place, id));
          }
        });
    for (Map.Entry<Keys.Inbox, InvocationId> row : added.values()) {
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
