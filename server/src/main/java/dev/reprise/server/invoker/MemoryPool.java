package dev.reprise.server.invoker;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all attempts of a node may hold: what they are told, what they say until it is in
 * the log. Each attempt takes its {@link MemoryShare} from here. Any thread.
 */
public final class MemoryPool {
  private final AtomicLong used = new AtomicLong();
  private final long limit;

  public MemoryPool(long limitBytes) {
    this.limit = limitBytes;
  }

  /** Takes that many bytes if there are as many. The first to ask always gets some. */
  boolean tryTake(long bytes) {
    long before = used.getAndAdd(bytes);
    if (before > 0 && before + bytes > limit) {
      used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** Counts bytes that are there already. */
  void take(long bytes) {
    used.addAndGet(bytes);
  }

  void give(long bytes) {
    used.addAndGet(-bytes);
  }

  /** Bytes held now. */
  public long used() {
    return used.get();
  }

  /** Bytes that may be held. */
  public long limit() {
    return limit;
  }
}
