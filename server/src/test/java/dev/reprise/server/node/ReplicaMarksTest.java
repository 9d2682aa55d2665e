package dev.reprise.server.node;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.checkpoint.Installation;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.ratis.RatisNode;
import dev.reprise.cluster.log.ratis.RatisSettings;
import dev.reprise.cluster.metadata.MetadataReplica;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A part of a directory that is missing is noticed; one that is being fetched is not missing. */
@Timeout(120)
class ReplicaMarksTest {
  private static final LogId LOG = LogId.METADATA;

  @TempDir Path directory;

  @Test
  void whatIsMissingIsNamedButWhatWasSetAsideIsBeingFetched() throws IOException {
    Path tables = directory.resolve(LOG.name());
    try (RocksDbResources resources = new RocksDbResources(16 << 20);
        RatisNode logs = RatisNode.start(RatisSettings.alone("n1", directory.resolve("log")))) {
      ReplicaMarks marks = ReplicaMarks.read(directory.resolve("replicas.properties"));
      marks.add(List.of(LOG), true);
      try (RocksDbStore store = RocksDbStore.open(tables, resources)) {
        logs.open(LOG, new MetadataReplica(store, new SplittableRandom(1))).close();
      }
      marks.made(List.of(LOG));
      assertThatCode(() -> marks.expectWhole(logs, log -> tables)).doesNotThrowAnyException();

      // A crash after a damaged store was set aside, and before another one's is in its place.
      new Installation(tables).setAside();
      assertThatCode(() -> marks.expectWhole(logs, log -> tables)).doesNotThrowAnyException();

      delete(directory.resolve(LOG.name() + ".incoming"));
      assertThatThrownBy(() -> marks.expectWhole(logs, log -> tables))
          .isInstanceOf(NodeException.class)
          .hasMessageContaining("tables (" + tables + ") are missing");
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
