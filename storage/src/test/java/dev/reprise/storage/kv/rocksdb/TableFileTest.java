package dev.reprise.storage.kv.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.reprise.storage.kv.WriteBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;

class TableFileTest {
  /** Enough for a filter and an index of several blocks each. */
  private static final int ROWS = 20_000;

  /** Behind the rows: filter, index, properties. */
  private static final int TAIL_BYTES = 40 << 10;

  @TempDir Path temp;

  @Test
  void aBitFlippedAnywhereIsFound() throws Exception {
    Path file = aFileOfRows();
    byte[] intact = Files.readAllBytes(file);
    assertThatCode(() -> TableFile.verify(file)).doesNotThrowAnyException();

    int rows = intact.length - TAIL_BYTES;
    List<Integer> missed = new ArrayList<>();
    IntStream.concat(
            IntStream.iterate(0, at -> at < rows, at -> at + 4_099),
            IntStream.iterate(rows, at -> at < intact.length, at -> at + 61))
        .filter(at -> isIntactWith(at, intact))
        .forEach(missed::add);

    assertThat(missed).as("bytes of %s, %s long", file, intact.length).isEmpty();
  }

  private boolean isIntactWith(int flipped, byte[] intact) {
    byte[] bytes = intact.clone();
    bytes[flipped] ^= (byte) (1 << flipped % 8);
    Path file = temp.resolve("000099.sst");
    try {
      Files.write(file, bytes);
      TableFile.verify(file);
      return true;
    } catch (RocksDBException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path aFileOfRows() throws Exception {
    Path directory = temp.resolve("store");
    try (var resources = new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES);
        var store = RocksDbStore.open(directory, resources)) {
      WriteBatch batch = new WriteBatch();
      for (int row = 0; row < ROWS; row++) {
        batch.put(("row " + row).getBytes(UTF_8), ("value of " + row * 7_919).getBytes(UTF_8));
      }
      store.write(batch);
      store.flush();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(it -> it.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
  }
}
