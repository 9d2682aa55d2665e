package dev.reprise.storage.kv.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.kv.StoreHistories;
import dev.reprise.storage.kv.StoreHistories.Step;
import dev.reprise.storage.kv.WriteBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.rocksdb.RocksDBException;

class RocksDbStoreHistoryTest {
  private Path temp;
  private RocksDbResources resources;
  private int stores;

  @BeforeProperty
  void makeRoom() throws IOException {
    temp = Files.createTempDirectory("reprise-storage");
    resources = new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES);
  }

  @AfterProperty
  void cleanUp() throws IOException {
    resources.close();
    try (Stream<Path> files = Files.walk(temp)) {
      files.sorted(Comparator.reverseOrder()).forEach(RocksDbStoreHistoryTest::delete);
    }
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return StoreHistories.histories();
  }

  @Property(tries = 100)
  void everyHistoryReadsLikeASortedMap(@ForAll("histories") List<Step> history) {
    try (var store = RocksDbStore.open(temp.resolve("store" + stores++), resources)) {
      StoreHistories.check(history, store);
    }
  }

  @Property(tries = 200)
  void ourBatchIsByteForByteTheNativeOne(@ForAll List<byte[]> parts) throws RocksDBException {
    var ours = new WriteBatch();
    try (var theirs = new org.rocksdb.WriteBatch()) {
      for (int i = 0; i + 1 < parts.size(); i += 2) {
        ours.put(parts.get(i), parts.get(i + 1));
        theirs.put(parts.get(i), parts.get(i + 1));
        ours.delete(parts.get(i + 1));
        theirs.delete(parts.get(i + 1));
        byte[] from = {1};
        byte[] to = {2, (byte) i};
        ours.deleteRange(from, to);
        theirs.deleteRange(from, to);
      }
      assertThat(ours.toBytes()).isEqualTo(theirs.data());
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
