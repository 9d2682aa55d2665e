package dev.reprise.server.invoker;

/**
 * What one attempt holds of the {@link MemoryPool}: at least its start, as long as it lives, and
 * more while it needs more, never beyond its limit but for bytes that are there already. Confined
 * to its attempt's loop.
 */
final class MemoryShare {
  private final MemoryPool pool;
  private final long initial;
  private final long limit;
  private long taken;
  private long used;

  /** Of what is used: for a frame whose bytes are still to come. */
  private long reserved;

  private boolean closed;

  /** A share whose start has been taken from the pool. */
  MemoryShare(MemoryPool pool, long initialBytes, long limitBytes) {
    this.pool = pool;
    this.initial = initialBytes;
    this.limit = limitBytes;
    this.taken = initialBytes;
  }

  /** Uses that many bytes, if the share's limit and the pool allow it. */
  boolean tryUse(long bytes) {
    long more = used + bytes - taken;
    if (more > 0) {
      if (closed || used + bytes > limit || !pool.tryTake(more)) {
        return false;
      }
      taken += more;
    }
    used += bytes;
    return true;
  }

  /** As {@link #tryUse}, for bytes that are still to come. */
  boolean tryReserve(long bytes) {
    boolean room = tryUse(bytes);
    reserved += room ? bytes : 0;
    return room;
  }

  /** What was reserved has come, or never will. */
  void release(long bytes) {
    reserved -= bytes;
    free(bytes);
  }

  /** Counts bytes that are there already. */
  void use(long bytes) {
    long more = used + bytes - taken;
    if (more > 0) {
      pool.take(more);
      taken += more;
    }
    used += bytes;
  }

  /** Bytes are not needed any more. */
  void free(long bytes) {
    used -= bytes;
    long keep = Math.max(closed ? 0 : initial, used);
    if (taken > keep) {
      pool.give(taken - keep);
      taken = keep;
    }
  }

  /** The attempt is over: its start goes back to the pool, and what is still in use as it ends. */
  void close() {
    closed = true;
    free(0);
  }

  /** Whether a thing of that size could be held at all. */
  boolean fits(long bytes) {
    return bytes <= limit;
  }

  /** How many bytes may be asked for now, whatever the pool says. */
  long left() {
    return Math.max(0, limit - used);
  }

  long limit() {
    return limit;
  }

  /**
   * Whether so much is in use that the endpoint is better read slower. What is reserved for the
   * frame that is being read does not count: to read it no further would be to hold it for ever.
   */
  boolean tight() {
    return used - reserved > limit / 2;
  }
}
