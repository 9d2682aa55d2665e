package dev.reprise.storage.kv.rocksdb;

import static dev.reprise.storage.kv.Rows.bytes;
import static dev.reprise.storage.kv.Rows.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import dev.reprise.storage.kv.WriteBatch;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a store whose process was killed while it wrote. */
@Timeout(60)
class RocksDbCrashTest {
  private static final int FLUSHED = 500;
  private static final int WRITTEN_BEFORE_THE_KILL = 3_000;

  @TempDir Path temp;

  @Test
  void aKilledProcessLeavesAPrefixOfItsWritesWithAtLeastWhatWasFlushed() throws Exception {
    Path directory = temp.resolve("store");
    Process writer = start(directory);
    try (BufferedReader says = writer.inputReader()) {
      assertThat(says.readLine()).isEqualTo("writing");
      assertTheStoreIsLocked(directory);
    } finally {
      writer.destroyForcibly().waitFor();
    }

    try (var resources = new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES);
        var store = RocksDbStore.open(directory, resources)) {
      List<Integer> left = numbers(store, "l");
      assertThat(left).isEqualTo(numbers(store, "r"));
      assertThat(left).hasSizeGreaterThanOrEqualTo(FLUSHED);
      assertThat(left).isEqualTo(range(left.size()));
    }
  }

  private static void assertTheStoreIsLocked(Path directory) {
    try (var resources = new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES)) {
      assertThatExceptionOfType(StorageException.class)
          .isThrownBy(() -> RocksDbStore.open(directory, resources))
          .withMessageContaining("Expected to be the only user of the store")
          .satisfies(it -> assertThat(it.reason()).isEqualTo(Reason.UNUSABLE));
    }
  }

  private static Process start(Path directory) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path").replace('\n', File.pathSeparatorChar);
    return new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath,
            Writer.class.getName(),
            directory.toString())
        .redirectError(Redirect.INHERIT)
        .start();
  }

  /** The numbers of one side in the order of their keys. */
  private static List<Integer> numbers(RocksDbStore store, String side) {
    var numbers = new ArrayList<Integer>();
    try (Cursor cursor = store.scan(bytes(side), bytes(side + "~"))) {
      while (cursor.next()) {
        numbers.add(Integer.valueOf(text(cursor.key()).substring(1)));
      }
    }
    return numbers;
  }

  private static List<Integer> range(int size) {
    var range = new ArrayList<Integer>();
    for (int i = 0; i < size; i++) {
      range.add(i);
    }
    return range;
  }

  /** Writes a row on each of two sides per batch, for ever; says so once it is well under way. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      var resources = new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES);
      var store = RocksDbStore.open(Path.of(arguments[0]), resources);
      byte[] value = "v".repeat(1_000).getBytes(UTF_8);
      var batch = new WriteBatch();
      for (int i = 0; i < 1_000_000; i++) {
        batch.reset();
        batch.put(bytes("l%07d".formatted(i)), value);
        batch.put(bytes("r%07d".formatted(i)), value);
        store.write(batch);
        if (i == FLUSHED) {
          store.flush();
        }
        if (i == WRITTEN_BEFORE_THE_KILL) {
          System.out.println("writing");
        }
      }
    }
  }
}
