package dev.reprise.cluster.checkpoint;

import java.nio.file.Path;

/** A replica of which checkpoints can be made. Any thread. */
public interface Offering {
  /** The index of the newest entry that a checkpoint made now would surely hold. Does not block. */
  long index();

  /**
   * Makes a checkpoint at a place that is free. Blocks on disk.
   *
   * @throws dev.reprise.storage.kv.StorageException if the store fails
   */
  void checkpoint(Path directory);
}
