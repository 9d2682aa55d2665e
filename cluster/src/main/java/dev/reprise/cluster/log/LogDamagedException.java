package dev.reprise.cluster.log;

import java.nio.file.Path;

/**
 * A file of the log holds bytes that were never written so, and they are not an unfinished write at
 * its end. This copy must not be used: replace it from another node, or restore it.
 */
public final class LogDamagedException extends LogException {
  private final Path file;
  private final long offset;
  private final long lastHeld;

  /**
   * Names the damaged file and the first bad byte's record, counted from the file's start.
   *
   * @param lastHeld see {@link #lastHeld()}
   */
  public LogDamagedException(Path file, long offset, String what, long lastHeld) {
    super("Expected an intact log, but " + file + " is damaged at byte " + offset + ": " + what);
    this.file = file;
    this.offset = offset;
    this.lastHeld = lastHeld;
  }

  /** The damaged file. */
  public Path file() {
    return file;
  }

  /**
   * No entry behind this index was ever in this log. With a state of that index, or a later one,
   * nothing is lost that this replica has acknowledged.
   */
  public long lastHeld() {
    return lastHeld;
  }

  /** Where the damaged record begins, in bytes from the file's start. */
  public long offset() {
    return offset;
  }
}
