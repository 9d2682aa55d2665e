package dev.reprise.storage.kv.rocksdb;

import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;

/** One file of a store's rows, looked at by itself. Any thread. */
final class TableFile {
  /** Of its own, so that what is read once does not push out what others read often. */
  private static final long CACHE_BYTES = 64 << 10;

  private TableFile() {}

  /**
   * Compares the checksum of every block. Throws what RocksDB says of the first that differs.
   *
   * <p>The blocks of a filter are read only by a reader that has a filter policy and a cache to put
   * them in; without, RocksDB passes over them and says that the file is intact.
   */
  static void verify(Path file) throws RocksDBException {
    try (var filter = new BloomFilter();
        var cache = new LRUCache(CACHE_BYTES);
        var options = new Options().setParanoidChecks(true)) {
      options.setTableFormatConfig(
          new BlockBasedTableConfig().setFilterPolicy(filter).setBlockCache(cache));
      try (var reader = new SstFileReader(options)) {
        reader.open(file.toString());
        reader.verifyChecksum();
      }
    }
  }
}
