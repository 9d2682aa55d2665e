package dev.reprise.chaos.rig;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;

/** What a disk may do to the files of a node behind everybody's back. */
public final class Rot {
  private Rot() {}

  /** Forgets everything. */
  public static void wipe(Path data) {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to wipe " + data, e);
    }
  }

  /**
   * Flips one bit of a table file or of the log of a partition, in what was written to it.
   *
   * @return which one, for people; empty when there is no such file yet
   */
  public static String flip(Path data, SplittableRandom random) {
    try {
      List<Path> files = filesOfCopies(data);
      if (files.isEmpty()) {
        return "";
      }
      Path file = files.get(random.nextInt(files.size()));
      try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
        long at = random.nextLong(written(file));
        int bit = random.nextInt(8);
        open.seek(at);
        int before = open.read();
        open.seek(at);
        open.write(before ^ (1 << bit));
        return "bit %d of byte %d of %s flipped".formatted(bit, at, data.relativize(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Expected to flip a bit below " + data, e);
    }
  }

  private static List<Path> filesOfCopies(Path data) throws IOException {
    List<Path> found = new ArrayList<>();
    for (int partition = 0;
        Files.isDirectory(data.resolve("partition-" + partition));
        partition++) {
      String name = "reprise/log/partition-" + partition;
      String group = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
      addAll(data.resolve("partition-" + partition), ".*\\.sst", found);
      addAll(data.resolve("log").resolve(group), "log_.*", found);
    }
    return found;
  }

  private static void addAll(Path directory, String name, List<Path> found) throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted().toList()) {
          if (file.getFileName().toString().matches(name) && written(file) > 0) {
            found.add(file);
          }
        }
      }
    }
  }

  /** Logs are longer than what was written to them. */
  private static long written(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }
}
