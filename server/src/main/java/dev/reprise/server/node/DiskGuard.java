package dev.reprise.server.node;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the disk: below a watermark this node takes no new work, so that what is left is for
 * finishing the work it has. Any thread.
 */
final class DiskGuard implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(DiskGuard.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final FileStore disk;
  private final long watermarkBytes;
  private final Periodic looks;
  private volatile @Nullable String refusal;

  /**
   * @param watermarkBytes of free space; below, new work is refused
   */
  DiskGuard(Path directory, long watermarkBytes) throws IOException {
    this.disk = Files.getFileStore(directory);
    this.watermarkBytes = watermarkBytes;
    look();
    looks = new Periodic("disk-guard", LOOK_EVERY, this::look);
  }

  private void look() {
    long free;
    try {
      free = disk.getUsableSpace();
    } catch (IOException e) {
      logger.warn("the free space of {} cannot be read", disk, e);
      return;
    }
    boolean low = free < watermarkBytes;
    if (low && refusal == null) {
      logger.error(
          "disk nearly full: {} MiB are free, {} are the least for new work, which is refused",
          free >> 20,
          watermarkBytes >> 20);
      refusal =
          "the disk of this node is nearly full: it finishes what it has and takes no new work";
    } else if (!low && refusal != null) {
      logger.info("disk has {} MiB free again: new work is taken", free >> 20);
      refusal = null;
    }
  }

  /** Why new work is refused; null when it is taken. */
  @Nullable String refusal() {
    return refusal;
  }

  @Override
  public void close() {
    looks.close();
  }
}
