package dev.reprise.storage.kv.rocksdb;

import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/** One file of a store's rows, looked at by itself. Any thread. */
final class TableFile {
  private TableFile() {}

  /** Compares the checksum of every block. Throws what RocksDB says of the first that differs. */
  static void verify(Path file) throws RocksDBException {
    try (var options = new Options().setParanoidChecks(true);
        var reader = new SstFileReader(options)) {
      reader.open(file.toString());
      reader.verifyChecksum();
    }
  }
}
