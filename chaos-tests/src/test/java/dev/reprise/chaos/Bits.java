package dev.reprise.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;

/** What a disk may do to files behind everybody's back. */
final class Bits {
  private Bits() {}

  /** Flips one bit in place, at a place drawn within these parts of the file. */
  static String flip(Path file, double fromPart, double toPart, SplittableRandom random)
      throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      long at = random.nextLong((long) (open.length() * fromPart), (long) (open.length() * toPart));
      int bit = random.nextInt(8);
      open.seek(at);
      int before = open.read();
      open.seek(at);
      open.write(before ^ (1 << bit));
      return "bit " + bit + " of byte " + at + " of " + file;
    }
  }

  /** The largest file below it whose name fits. */
  static Optional<Path> largest(Path directory, String name) throws IOException {
    return files(directory).stream()
        .filter(it -> it.getFileName().toString().matches(name))
        .max(Comparator.comparingLong(it -> it.toFile().length()));
  }

  /** Where a node has the log of a partition. */
  static Path log(Path home, int partition) {
    String name = "reprise/log/partition-" + partition;
    String group = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    return home.resolve("log").resolve(group);
  }

  /** All files below it; those that go meanwhile are not missed. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException gone) {
      return List.of();
    }
  }

  static void wipe(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
