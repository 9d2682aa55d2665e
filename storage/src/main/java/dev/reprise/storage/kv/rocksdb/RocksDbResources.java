package dev.reprise.storage.kv.rocksdb;

import java.nio.file.Path;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ChecksumType;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.Priority;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * What all stores of a process share: one block cache, one bound for unflushed writes inside of it,
 * and two background threads. Any thread. Closed after the last store that uses it.
 */
public final class RocksDbResources implements AutoCloseable {
  /** The smallest budget that works: below it, every few writes would be flushed. */
  public static final long MIN_BUDGET_BYTES = 4L << 20;

  private static final long MAX_WRITE_BUFFER_BYTES = 64L << 20;
  private static final long INFO_LOG_BYTES = 1L << 20;
  private static final long SYNC_EVERY_BYTES = 1L << 20;
  private static final int BLOCK_BYTES = 8 << 10;

  /** Few, as few threads read: a shard must hold much more than the largest thing in it. */
  private static final int CACHE_SHARD_BITS = 2;

  private static final double FILTER_BITS_PER_KEY = 10;

  /** Index and filter blocks may hold so much of the cache against data blocks. */
  private static final double HIGH_PRIORITY_RATIO = 0.2;

  private final Cache cache;
  private final WriteBufferManager writeBuffers;
  private final BloomFilter filter;
  private final long writeBufferBytes;

  /**
   * Keeps RocksDB's native library below this directory instead of the temporary one. Before the
   * first store of the process; later calls change nothing.
   */
  public static void keepLibraryIn(Path directory) {
    NativeLibrary.load(directory);
  }

  /**
   * Divides the budget: at most half of it holds writes that are not flushed yet, the rest blocks
   * read from disk. The bounds are soft, a burst may pass them for a moment.
   */
  public RocksDbResources(long memoryBudgetBytes) {
    if (memoryBudgetBytes < MIN_BUDGET_BYTES) {
      throw new IllegalArgumentException(
          "Expected a memory budget of at least "
              + MIN_BUDGET_BYTES
              + " bytes for storage, but got "
              + memoryBudgetBytes);
    }
    RocksDB.loadLibrary();
    long unflushedBytes = memoryBudgetBytes / 2;
    cache = new LRUCache(memoryBudgetBytes, CACHE_SHARD_BITS, false, HIGH_PRIORITY_RATIO);
    writeBuffers = new WriteBufferManager(unflushedBytes, cache, false);
    filter = new BloomFilter(FILTER_BITS_PER_KEY);
    writeBufferBytes = Math.min(MAX_WRITE_BUFFER_BYTES, unflushedBytes / 2);
    // The threads belong to the process: one flushes, one compacts, whatever the number of stores.
    Env.getDefault().setBackgroundThreads(1, Priority.HIGH);
    Env.getDefault().setBackgroundThreads(1, Priority.LOW);
  }

  /** The options of one store; the caller closes them after it. */
  Options options() {
    return new Options()
        .setCreateIfMissing(true)
        .setTableFormatConfig(tables())
        .setWriteBufferManager(writeBuffers)
        .setWriteBufferSize(writeBufferBytes)
        .setMaxWriteBufferNumber(4)
        .setMaxBackgroundJobs(2)
        .setMaxSubcompactions(1)
        // One writer at a time: the machinery for many only costs.
        .setAllowConcurrentMemtableWrite(false)
        .setEnableWriteThreadAdaptiveYield(false)
        // Cheaper in bytes written, which is what the disk and its owner pay for.
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setLevelCompactionDynamicLevelBytes(true)
        .setBytesPerSync(SYNC_EVERY_BYTES)
        .setParanoidChecks(true)
        // Deleting files of a dropped snapshot is not the reader's work.
        .setAvoidUnnecessaryBlockingIO(true)
        .setSkipStatsUpdateOnDbOpen(true)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(INFO_LOG_BYTES)
        .setKeepLogFileNum(2);
  }

  /**
   * Filters are of whole keys: most reads that miss ask for one key. Scans have an upper bound, and
   * the prefixes of our keys have no common length, so a prefix filter would serve few of them.
   */
  private BlockBasedTableConfig tables() {
    return new BlockBasedTableConfig()
        .setBlockCache(cache)
        .setBlockSize(BLOCK_BYTES)
        .setFilterPolicy(filter)
        .setWholeKeyFiltering(true)
        // In pieces of a block each: the filter of a large file is larger than a part of the cache
        // may be, and would be read from the file, megabytes, for each key that is not there.
        .setPartitionFilters(true)
        .setIndexType(IndexType.kTwoLevelIndexSearch)
        .setMetadataBlockSize(BLOCK_BYTES)
        .setPinTopLevelIndexAndFilter(true)
        // Inside the budget, but not pushed out by a long scan.
        .setCacheIndexAndFilterBlocks(true)
        .setCacheIndexAndFilterBlocksWithHighPriority(true)
        .setPinL0FilterAndIndexBlocksInCache(true)
        .setChecksumType(ChecksumType.kXXH3);
  }

  /** Bytes in the block cache now, unflushed writes included. */
  public long usedBytes() {
    return cache.getUsage();
  }

  @Override
  public void close() {
    writeBuffers.close();
    cache.close();
    filter.close();
  }
}
