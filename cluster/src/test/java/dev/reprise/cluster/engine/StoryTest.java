package dev.reprise.cluster.engine;

import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every story ends with its log told again, in memory and on disk. */
@Timeout(60)
abstract class StoryTest {
  private static final RocksDbResources RESOURCES =
      new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES);

  protected final PartitionStory partition = new PartitionStory();

  @TempDir Path directory;

  @AfterEach
  void theLogToldAgainGivesTheSameBytesAndTheSameWork() {
    partition.replaysTo(new MemoryStore());
    try (RocksDbStore store = RocksDbStore.open(directory.resolve("store"), RESOURCES)) {
      partition.replaysTo(store);
    }
  }
}
