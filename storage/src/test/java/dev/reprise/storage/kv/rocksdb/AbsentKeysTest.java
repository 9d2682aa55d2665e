package dev.reprise.storage.kv.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reprise.storage.kv.WriteBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whether an id is known is asked for each new invocation, and mostly it is not: that must not read
 * files, however much the store holds.
 */
@Timeout(120)
class AbsentKeysTest {
  private static final int ROWS = 1_500_000;
  private static final int ROWS_A_WRITE = 10_000;
  private static final int QUESTIONS = 5_000;

  /** Small, so that the files are merged into one, whose filter is large beside it. */
  private static final long BUDGET_BYTES = 8L << 20;

  private static final Path IO = Path.of("/proc/self/io");

  @TempDir private Path directory;

  @Test
  void aKeyThatIsNotThereIsKnownFromMemoryAlsoInALargeStore() throws IOException {
    assumeTrue(Files.isReadable(IO), "Expected /proc/self/io to count bytes by");
    try (var resources = new RocksDbResources(BUDGET_BYTES);
        var store = RocksDbStore.open(directory.resolve("store"), resources)) {
      var random = new SplittableRandom(1);
      for (int written = 0; written < ROWS; written += ROWS_A_WRITE) {
        var batch = new WriteBatch();
        for (int i = 0; i < ROWS_A_WRITE; i++) {
          batch.put(key(random), new byte[40]);
        }
        store.write(batch);
      }
      store.flush();
      ask(store, random);

      long before = bytesRead();
      ask(store, random);
      long perQuestion = (bytesRead() - before) / QUESTIONS;

      // One in a hundred looks into a block for nothing, and background work reads as well.
      assertThat(perQuestion).isLessThan(4 << 10);
    }
  }

  private static void ask(RocksDbStore store, SplittableRandom random) {
    for (int i = 0; i < QUESTIONS; i++) {
      assertThat(store.get(key(random))).isNull();
    }
  }

  private static byte[] key(SplittableRandom random) {
    return ByteBuffer.allocate(25)
        .put((byte) 1)
        .putLong(random.nextLong())
        .putLong(random.nextLong())
        .putLong(random.nextLong())
        .array();
  }

  /** Through system calls, whether or not the disk had to be asked. */
  private static long bytesRead() throws IOException {
    return Files.readAllLines(IO).stream()
        .filter(line -> line.startsWith("rchar:"))
        .mapToLong(line -> Long.parseLong(line.substring("rchar:".length()).strip()))
        .sum();
  }
}
