package dev.reprise.server.invoker;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all attempts of a node hold of frames: half read, or on their way to the log. Any thread.
 */
public final class FrameMemory {
  private final AtomicLong used = new AtomicLong();
  private final long limit;

  public FrameMemory(long limitBytes) {
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
}
