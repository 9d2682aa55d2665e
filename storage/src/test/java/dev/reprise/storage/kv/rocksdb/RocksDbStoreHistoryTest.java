package dev.reprise.storage.kv.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.kv.StoreHistories;
import dev.reprise.storage.kv.StoreHistories.Step;
import dev.reprise.storage.kv.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class RocksDbStoreHistoryTest {
  @Provide
  Arbitrary<List<Step>> histories() {
    return StoreHistories.histories();
  }

  @Property(tries = 100)
  void everyHistoryReadsLikeASortedMap(@ForAll("histories") List<Step> history) throws IOException {
    Path temp = Files.createTempDirectory("reprise-storage");
    try (var resources = new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES);
        var store = RocksDbStore.open(temp, resources)) {
      StoreHistories.check(history, store);
    } finally {
      deleteAll(temp);
    }
  }

  @Property(tries = 200)
  void ourBatchIsByteForByteTheNativeOne(@ForAll List<byte[]> parts) throws RocksDBException {
    RocksDB.loadLibrary();
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

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
