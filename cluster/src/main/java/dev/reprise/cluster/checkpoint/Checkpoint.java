package dev.reprise.cluster.checkpoint;

/**
 * A checkpoint that somebody offers, while it is being fetched. Confined to one thread; may block
 * on disk and network.
 */
public interface Checkpoint extends AutoCloseable {
  /** Who offers it, for people. */
  String from();

  Manifest manifest();

  /**
   * Reads a piece of a file.
   *
   * @param length more than 0; fewer bytes come only where the file ends
   * @throws CheckpointException if they cannot be had; another call may have more luck
   */
  byte[] read(Manifest.Part part, long offset, int length);

  /**
   * It arrived damaged. Whoever offers it offers it no more, and looks at what it was made of. Does
   * not throw; who cannot be told finds out by itself, later.
   */
  void refuse();

  /** It is not needed any more. */
  @Override
  void close();
}
