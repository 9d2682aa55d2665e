package dev.reprise.server.membership;

/** Takes snapshots of this node's copies. Any thread that may block. */
@FunctionalInterface
public interface LocalSnapshots {
  /**
   * What was taken.
   *
   * @param index of the newest entry in it, from 1
   */
  record Taken(long index, long bytes, int files) {}

  /**
   * Makes the copy durable, checkpoints it, and lets its log go of what is not needed any more.
   *
   * @throws dev.reprise.cluster.log.LogException if the copy is not open
   * @throws dev.reprise.cluster.checkpoint.CheckpointException if there can be no checkpoint
   * @throws dev.reprise.storage.kv.StorageException if the store cannot write
   */
  Taken take(int partition);
}
