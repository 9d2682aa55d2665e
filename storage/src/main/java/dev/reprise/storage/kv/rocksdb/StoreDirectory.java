package dev.reprise.storage.kv.rocksdb;

import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at a directory before RocksDB does, which would make a new store over a damaged one. */
final class StoreDirectory {
  /** Names the file from which RocksDB reads everything else; written last when a store is made. */
  private static final String CURRENT = "CURRENT";

  private static final Pattern OURS =
      Pattern.compile(
          "CURRENT|IDENTITY|LOCK|LOG(\\.old\\.\\d+)?|(MANIFEST|OPTIONS)-\\d+"
              + "|\\d+\\.(sst|log|blob|dbtmp)|OPTIONS-\\d+\\.dbtmp");

  private static final Pattern ROWS = Pattern.compile("\\d+\\.(sst|blob)");

  private StoreDirectory() {}

  /** Creates the directory if need be, and refuses one that is neither empty nor a whole store. */
  static void prepare(Path directory) {
    List<String> names = createdAndListed(directory);
    List<String> foreign = names.stream().filter(it -> !OURS.matcher(it).matches()).toList();
    if (!foreign.isEmpty()) {
      throw new StorageException(
          Reason.UNUSABLE,
          "Expected an empty directory or a store at "
              + directory
              + ", but it holds something else: "
              + String.join(", ", foreign.subList(0, Math.min(5, foreign.size()))));
    }
    if (!names.contains(CURRENT) && names.stream().anyMatch(it -> ROWS.matcher(it).matches())) {
      throw new StorageException(
          Reason.CORRUPT,
          "Expected the file "
              + directory.resolve(CURRENT)
              + " beside the store's rows, but it is missing");
    }
  }

  /** Refuses the place of a checkpoint unless it is free, in a directory that exists. */
  static void expectVacant(Path directory) {
    Path parent = directory.toAbsolutePath().getParent();
    if (Files.exists(directory) || parent == null || !Files.isDirectory(parent)) {
      throw new StorageException(
          Reason.UNUSABLE,
          "Expected a name that is free in a directory that exists, but got " + directory);
    }
  }

  private static List<String> createdAndListed(Path directory) {
    try {
      Files.createDirectories(directory);
      try (Stream<Path> entries = Files.list(directory)) {
        return entries.map(it -> it.getFileName().toString()).sorted().toList();
      }
    } catch (IOException e) {
      throw new StorageException(
          Reason.UNUSABLE, "Expected a directory for a store at " + directory + ", but " + e, e);
    }
  }
}
