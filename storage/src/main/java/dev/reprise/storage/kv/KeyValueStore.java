package dev.reprise.storage.kv;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Ordered bytes: keys compared unsigned, one atomic write at a time.
 *
 * <p>A write is visible to every later read at once, and survives a crash only after {@link #flush}
 * or an orderly {@link #close}. After a crash the store holds some prefix of the history of its
 * writes, at least up to the last flush; whoever needs more must repeat the writes.
 *
 * <p>Every method throws {@link StorageException} if the store fails or is closed.
 */
public interface KeyValueStore extends Reads, AutoCloseable {
  /**
   * Applies the batch atomically; an empty one changes nothing. One writer thread at a time. The
   * batch may be reused (reset) afterwards.
   */
  void write(WriteBatch batch);

  /** A consistent, immutable view of now; any thread; must be closed. */
  Snapshot snapshot();

  /**
   * Blocks until everything written before this call survives a crash. Any thread; never the apply
   * thread.
   */
  void flush();

  /**
   * Makes a consistent copy, hard-linked where possible, that can be opened as a store. The
   * directory must not exist yet, its parent must. It holds at least what was written before this
   * call. Any thread; never the apply thread.
   */
  void checkpoint(Path directory);

  /**
   * Reads everything that is durable and compares its checksums: slow, for idle time. Throws with
   * {@code CORRUPT}, and the name of the file, at the first that differs. Any thread; never the
   * apply thread.
   *
   * @param goOn asked before each file, and may take its time; false ends the walk early
   */
  void verify(BooleanSupplier goOn);

  /**
   * Waits for calls under way in other threads, makes all writes durable and ends every open
   * snapshot and cursor. Closing twice is harmless; any thread.
   */
  @Override
  void close();
}
