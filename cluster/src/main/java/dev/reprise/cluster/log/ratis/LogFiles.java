package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The files of a log as a whole, while nobody has them open. */
final class LogFiles {
  private LogFiles() {}

  static boolean exist(Path directory) {
    return Files.isDirectory(directory);
  }

  /** Deletes them, if there are some. */
  static void delete(LogId id, Path directory) {
    try (Stream<Path> files = Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException cause) {
      throw new LogException("Expected the files of log " + id + " to be deletable", cause);
    }
  }
}
