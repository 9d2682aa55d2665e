package dev.reprise.storage.kv;

import org.jspecify.annotations.Nullable;

/** Looking at ordered bytes, now ({@link KeyValueStore}) or as they were ({@link Snapshot}). */
public interface Reads {
  /** The value of the key, or null. The array belongs to the caller. Any thread. */
  byte @Nullable [] get(byte[] key);

  /**
   * Keys in {@code [from, to)} ascending, as they are at this moment: later writes do not show. An
   * empty {@code to} means to the end, which is also what {@link KeyWriter#successorOfPrefix} gives
   * where no key can follow. The cursor is confined to one thread and must be closed.
   */
  Cursor scan(byte[] from, byte[] to);

  /**
   * Like {@link #scan}, but never waits for a disk: the cursor stops short ({@link
   * Cursor#stoppedShort}) before the first row that is not in memory. For threads that may not
   * block; the remainder is read with {@link #scan} elsewhere.
   */
  Cursor scanCached(byte[] from, byte[] to);
}
