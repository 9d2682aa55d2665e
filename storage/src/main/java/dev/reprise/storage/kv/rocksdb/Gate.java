package dev.reprise.storage.kv.rocksdb;

import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a native object alive while threads use it: a use after its end would not throw, it would
 * take the process down. Any number of threads are inside at a time; closing waits until all have
 * left. Entering costs one atomic increment, and whoever is inside must never close.
 */
final class Gate {
  private static final long CLOSED = Long.MIN_VALUE;

  /** How many are inside; counted from {@link #CLOSED} on once it is closed. */
  private final AtomicLong inside = new AtomicLong();

  private final String guarded;
  private volatile @Nullable Thread closer;

  Gate(String guarded) {
    this.guarded = guarded;
  }

  void enter() {
    if (!tryEnter()) {
      throw new StorageException(
          Reason.CLOSED, "Expected " + guarded + " to be open, but it was closed");
    }
  }

  boolean tryEnter() {
    if (inside.incrementAndGet() > 0) {
      return true;
    }
    leave();
    return false;
  }

  void leave() {
    if (inside.decrementAndGet() == CLOSED) {
      LockSupport.unpark(closer);
    }
  }

  /** Lets nobody in any more and waits for the last to leave. False if it was closed already. */
  synchronized boolean close() {
    if (inside.get() < 0) {
      return false;
    }
    closer = Thread.currentThread();
    inside.addAndGet(CLOSED);
    boolean interrupted = false;
    while (inside.get() != CLOSED) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    closer = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
