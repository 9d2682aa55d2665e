package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.kv.Contents;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import dev.reprise.storage.table.Tables;
import dev.reprise.storage.table.TablesView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every log. A failure names its seed. */
@Timeout(120)
class EnginePropertiesTest {
  static final int SEEDS = 150;
  static final int LENGTH = 120;

  static void forEachSeed(int seeds, LongConsumer property) {
    for (long seed = 1; seed <= seeds; seed++) {
      try {
        property.accept(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("in seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void theSameLogGivesTheSameBytesInMemoryAndOnDisk(@TempDir Path directory) {
    try (var resources = new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES)) {
      forEachSeed(
          15,
          seed -> {
            RandomLog log = RandomLog.of(seed, LENGTH);
            try (var disk = RocksDbStore.open(directory.resolve("s" + seed), resources)) {
              assertThat(log.toldTo(disk)).isEqualTo(Contents.of(log.store()));
            }
          });
    }
    forEachSeed(
        SEEDS,
        seed -> {
          RandomLog log = RandomLog.of(seed, LENGTH);
          assertThat(log.toldTo(new MemoryStore())).isEqualTo(Contents.of(log.store()));
        });
  }

  @Test
  void anotherJvmWithOtherSaltGetsTheSameBytes() throws IOException, InterruptedException {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xshare:off",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:EliminateAllocationArraySizeLimit=0",
                EnginePropertiesTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(other.waitFor()).as(said).isZero();
    assertThat(said.lines().toList()).isEqualTo(digests());
  }

  /** The other JVM. */
  public static void main(String[] args) {
    digests().forEach(System.out::println);
  }

  private static List<String> digests() {
    List<String> digests = new ArrayList<>();
    for (long seed = 1; seed <= 20; seed++) {
      digests.add(Contents.of(RandomLog.of(seed, LENGTH).store()).digest());
    }
    return digests;
  }

  @Test
  void whatIsAppliedASecondTimeChangesNothingMore() {
    forEachSeed(
        SEEDS,
        seed -> {
          RandomLog log = new RandomLog(seed);
          for (int i = 0; i < LENGTH; i++) {
            log.grow(1);
            List<String> once = RandomLog.world(log.store());
            List<Command> again = log.entries().getLast().commands();
            log.append(again);
            assertThat(RandomLog.world(log.store())).as("after %s", again).isEqualTo(once);
          }
        });
  }

  @Test
  void itDoesNotMatterWhatReachesTheStoreTogether() {
    forEachSeed(
        SEEDS,
        seed -> {
          RandomLog log = RandomLog.of(seed, LENGTH);
          MemoryStore store = new MemoryStore();
          Tables tables = new Tables(store);
          PartitionStateMachine machine = new PartitionStateMachine(PartitionStory.SELF);
          for (int i = 0; i < log.entries().size(); i++) {
            machine.apply(log.entries().get(i), i + 1, tables);
            if (i % 10 == 9 || i == log.entries().size() - 1) {
              tables.commit(1, i + 1);
            }
          }
          assertThat(RandomLog.world(store)).isEqualTo(RandomLog.world(log.store()));
        });
  }

  @Test
  void noSuspendedInvocationIsWithoutAReasonToWakeUpAndKeysHaveOneOwner() {
    forEachSeed(
        SEEDS,
        seed -> {
          RandomLog log = new RandomLog(seed);
          TableChecks checks = new TableChecks(PartitionStory.SELF, new TablesView(log.store()));
          for (int i = 0; i < LENGTH; i++) {
            log.grow(1 + i % 3);
            checks.look();
          }
        });
  }

  @Test
  void limitsHoldAfterEveryEntryAndWhatCountsForThemIsThere() {
    forEachSeed(
        SEEDS,
        seed -> {
          RandomLog log = new RandomLog(seed);
          LimitChecks limits = new LimitChecks(new TablesView(log.store()));
          for (int i = 0; i < 2 * LENGTH; i++) {
            log.grow(1 + log.world().upTo(3));
            limits.after();
            limits.look();
          }
        });
  }

  @Test
  void whereTheLeaderDoesAsItIsToldNobodyEverWaitsBesideAFreePlace() {
    forEachSeed(
        SEEDS,
        seed -> {
          RandomLog log = new RandomLog(seed);
          TablesView tables = new TablesView(log.store());
          for (int i = 0; i < 2 * LENGTH; i++) {
            log.grow(1);
            if (log.toFill()) {
              for (Command owed = LimitChecks.owed(tables);
                  owed != null;
                  owed = LimitChecks.owed(tables)) {
                log.append(List.of(owed));
              }
            }
            LimitChecks.nobodyWaitsBesideAFreePlace(tables);
          }
        });
  }
}
