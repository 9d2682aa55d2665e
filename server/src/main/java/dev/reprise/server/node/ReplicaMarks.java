package dev.reprise.server.node;

import dev.reprise.cluster.checkpoint.Installation;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.storage.files.SafeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;

/**
 * Which logs a directory has a copy of, written before the copy is made: what is marked and missing
 * was lost. Any thread.
 */
final class ReplicaMarks {
  private static final String FOUNDED = "founded";
  private static final String JOINED = "joined";
  private static final String MADE = " and made";

  private final Path file;

  /** Guarded by this. */
  private final Properties marks;

  private ReplicaMarks(Path file, Properties marks) {
    this.file = file;
    this.marks = marks;
  }

  static ReplicaMarks read(Path file) throws IOException {
    return new ReplicaMarks(file, Files.exists(file) ? SafeFile.read(file) : new Properties());
  }

  /** Whether there is a copy of this log. */
  synchronized boolean has(LogId log) {
    return marks.containsKey(log.name());
  }

  /** Whether this node began the log, so that it may vote in it from the first entry on. */
  synchronized boolean founded(LogId log) {
    return marks.getProperty(log.name(), "").startsWith(FOUNDED);
  }

  /** The copies exist. Survives a crash once this returns. */
  synchronized void made(List<LogId> logs) {
    List<LogId> missing = logs.stream().filter(it -> has(it) && !isMade(it.name())).toList();
    if (!missing.isEmpty()) {
      missing.forEach(it -> marks.setProperty(it.name(), marks.getProperty(it.name()) + MADE));
      write();
    }
  }

  private boolean isMade(String name) {
    return marks.getProperty(name, "").endsWith(MADE);
  }

  /** Marks the logs that are not marked yet. Survives a crash once this returns. */
  synchronized void add(List<LogId> logs, boolean founded) {
    List<LogId> missing = logs.stream().filter(it -> !has(it)).toList();
    if (!missing.isEmpty()) {
      missing.forEach(it -> marks.setProperty(it.name(), founded ? FOUNDED : JOINED));
      write();
    }
  }

  /** The copy is gone, as it should be. */
  synchronized void remove(LogId log) {
    marks.remove(log.name());
    write();
  }

  private void write() {
    try {
      SafeFile.write(file, marks, "The logs that this node has copies of. Not to be edited.");
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to write " + file, e);
    }
  }

  /**
   * Expects everything that is marked to be there: a copy of which a part was lost would vote
   * against what it promised.
   *
   * @param tables where the tables of a log are
   * @throws NodeException naming what is missing, and what to do
   */
  synchronized void expectWhole(ReplicatedLogs logs, Function<LogId, Path> tables) {
    for (String name : marks.stringPropertyNames()) {
      LogId log = new LogId(name);
      Path directory = tables.apply(log);
      boolean hasLog = logs.holds(log);
      // What was found damaged and set aside is being fetched: the log has all that was promised.
      boolean hasTables = Files.isDirectory(directory) || new Installation(directory).isUnderWay();
      if (isMade(name) && !(hasLog && hasTables)) {
        throw new NodeException(
            "Expected the data of "
                + name
                + " in "
                + file.getParent()
                + " to be whole, but its "
                + (hasLog ? "tables (" + directory + ") are" : hasTables ? "log is" : "files are")
                + " missing; restore the directory from where it went, or, if this node has"
                + " neighbours, empty the whole directory: the node then joins again and gets a"
                + " copy from them");
      }
    }
  }
}
