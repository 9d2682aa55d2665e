package dev.reprise.storage.kv.rocksdb;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.jar.JarEntry;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * RocksDB's native code. Left alone, RocksDB copies it from its archive to the temporary directory
 * at every start, and a process that is killed leaves the copy behind. Here it is kept where the
 * node keeps everything else, copied once for each version.
 */
final class NativeLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

  private NativeLibrary() {}

  /**
   * Loads the library from below the directory, where it is put first if it is not there. Where
   * that cannot be done, RocksDB does it in its own way. The first call of a process counts.
   */
  static void load(Path directory) {
    try {
      RocksDB.loadLibrary(List.of(kept(directory).toAbsolutePath().toString()));
    } catch (IOException | UnsatisfiedLinkError e) {
      LOG.warn(
          "Expected to keep RocksDB's library in {}, but {}; a copy in the temporary directory"
              + " serves instead",
          directory,
          e.toString());
      RocksDB.loadLibrary();
    }
  }

  /** The directory that holds the library of the version on the class path. */
  private static Path kept(Path directory) throws IOException {
    String name = Environment.getJniLibraryFileName("rocksdb");
    URL packed = RocksDB.class.getResource("/" + name);
    if (packed == null || !(packed.openConnection() instanceof JarURLConnection connection)) {
      throw new IOException("the class path has no archive with " + name);
    }
    JarEntry entry = connection.getJarEntry();
    Path home = directory.resolve("rocksdb-" + Long.toHexString(entry.getCrc()));
    // In a directory it is looked for under another name than in the archive.
    Path library = home.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
    if (Files.notExists(library) || Files.size(library) != entry.getSize()) {
      Files.createDirectories(home);
      try (InputStream in = connection.getInputStream()) {
        copy(in, library);
      }
    }
    return home;
  }

  /** Whole or not at all, also when the power fails: what is half there would be loaded. */
  private static void copy(InputStream in, Path library) throws IOException {
    Path draft = Files.createTempFile(library.getParent(), "new-", ".so");
    try {
      Files.copy(in, draft, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel file = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        file.force(true);
      }
      Files.move(draft, library, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
