package dev.reprise.storage.table;

import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.ObjectId;
import org.jspecify.annotations.Nullable;

/** Each object's key and the queue for it. Confined to the apply thread. */
public final class Inbox {
  private static final Queues.Shape<ObjectId, Keys.Inbox> SHAPE =
      new Queues.Shape<>(
          Layouts.INBOX,
          object -> Layouts.prefixOf(TableId.INBOX, object),
          Keys.Inbox::new,
          Keys.Inbox::object,
          Keys.Inbox::sequence);

  private final Rows<ObjectId, ObjectLock> locks;
  private final Queues<ObjectId, Keys.Inbox> queues;

  Inbox(
      Rows<ObjectId, ObjectLock> locks,
      Rows<Keys.Inbox, InvocationId> places,
      KeyValueStore store) {
    this.locks = locks;
    this.queues = new Queues<>(places, store, SHAPE);
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
    queues.add(object, lock.waiting(), sequence, id);
    locks.put(object, lock.withWaiting(lock.waiting() + 1));
  }

  /** Leaves the queue before its turn. */
  public void leave(ObjectId object, ObjectLock lock, long sequence) {
    queues.remove(object, sequence);
    locks.put(object, lock.withWaiting(lock.waiting() - 1));
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
      queues.leave(object);
      return null;
    }
    InvocationId next = queues.poll(object);
    if (next == null) {
      throw new IllegalStateException(
          "Expected " + lock.waiting() + " waiting for " + object + ", but found none");
    }
    locks.put(object, new ObjectLock(next, lock.waiting() - 1, 0));
    return next;
  }

  /** What is remembered may be wrong: read it again when it is needed. */
  void forget() {
    queues.forget();
  }
}
