package dev.reprise.storage.kv.rocksdb;

import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Says in one sentence what RocksDB says in its own words. */
final class Errors {
  private static final Pattern STORE_FILE =
      Pattern.compile("(MANIFEST-\\d+|CURRENT|\\d+\\.(?:sst|log|blob))");

  private Errors() {}

  /** The RocksDB exception of an operation ("to read a row") on the store in the directory. */
  static StorageException of(RocksDBException e, String operation, Path directory) {
    String said = String.valueOf(e.getMessage());
    if (said.contains("lock hold by current process") || said.contains("While lock file")) {
      return new StorageException(
          Reason.UNUSABLE,
          "Expected to be the only user of the store at "
              + directory
              + ", but it is open elsewhere: "
              + said,
          e);
    }
    if (isCorruption(e, said)) {
      return new StorageException(
          Reason.CORRUPT,
          "Expected intact bytes in " + fileIn(said, directory) + ", but " + said,
          e);
    }
    return new StorageException(
        Reason.FAILED,
        "Expected " + operation + " in the store at " + directory + ", but " + said,
        e);
  }

  static boolean isIncomplete(RocksDBException e) {
    return e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete;
  }

  private static boolean isCorruption(RocksDBException e, String said) {
    boolean damaged = e.getStatus() != null && e.getStatus().getCode() == Status.Code.Corruption;
    // A file that vanished is an I/O error by RocksDB's words, and needs the same cure.
    return damaged || said.contains("Corruption") || said.contains("No such file");
  }

  private static Path fileIn(String said, Path directory) {
    Matcher matcher = STORE_FILE.matcher(said);
    return matcher.find() ? directory.resolve(matcher.group(1)) : directory;
  }
}
