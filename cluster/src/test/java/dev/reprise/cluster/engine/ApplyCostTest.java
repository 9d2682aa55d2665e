package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.table.Tables;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What applying an entry costs in calls of native code: three to write, one for each look-up. */
@Timeout(60)
class ApplyCostTest {
  private static final int WRITE = 3;

  @TempDir private Path directory;

  private final PartitionStateMachine machine = new PartitionStateMachine(PartitionStory.SELF);
  private RocksDbResources resources;
  private RocksDbStore store;
  private Tables tables;
  private long index;

  @BeforeEach
  void open() {
    resources = new RocksDbResources(RocksDbResources.MIN_BUDGET_BYTES);
    store = RocksDbStore.open(directory.resolve("store"), resources);
    tables = new Tables(store);
    apply(0, 1, new Command.AnnounceLeader("n1"));
  }

  @AfterEach
  void close() {
    store.close();
    resources.close();
  }

  @Test
  void anEchoCostsTwoWritesAndTheQuestionWhetherItsIdIsKnown() {
    assertThat(apply(1, 1, Asked.plain("p").invoke())).as("open? ended?").isEqualTo(WRITE + 2);
    assertThat(apply(1, 2, says("p", 1, Says.output("o"), Says.end()))).isEqualTo(WRITE);
  }

  @Test
  void aStepCostsAWriteAndReadsNothing() {
    apply(1, 1, Asked.plain("p").invoke());
    for (int step = 1; step <= 10; step++) {
      Command ran = says("p", step, Says.run(step), Says.ran(step, "r" + step));
      assertThat(apply(1, 1 + step, ran)).as("step %d", step).isEqualTo(WRITE);
    }
  }

  @Test
  void aStepWhoseResultComesLaterReadsNothingEither() {
    apply(1, 1, Asked.plain("p").invoke());
    assertThat(apply(1, 2, says("p", 1, Says.run(1)))).isEqualTo(WRITE);
    assertThat(apply(1, 3, says("p", 2, Says.ran(1, "r")))).isEqualTo(WRITE);
  }

  @Test
  void onlyBesideAnotherOpenCompletionIsANewOneLookedFor() {
    apply(1, 1, Asked.plain("p").invoke());
    apply(1, 2, says("p", 1, Says.run(1)));
    assertThat(apply(1, 3, says("p", 2, Says.run(2)))).isEqualTo(WRITE + 1);
  }

  /** Applies one entry, and says how many native calls it took. */
  private long apply(long epoch, long sequence, Command command) {
    long before = store.nativeCalls().total();
    index++;
    var effects = machine.apply(new LogEntry(epoch, sequence, 0, List.of(command)), index, tables);
    tables.commit(1, index);
    assertThat(effects.results()).noneMatch(Result.Stale.class::isInstance);
    assertThat(effects.results()).noneMatch(Result.Faulted.class::isInstance);
    return store.nativeCalls().total() - before;
  }

  private Command says(String name, int firstCommand, Statement... statements) {
    var invocation = Objects.requireNonNull(tables.invocations().find(Asked.id(name)));
    return new Command.AttemptSaid(
        Asked.id(name),
        invocation.incarnation(),
        new AttemptId(1, 1),
        firstCommand,
        PartitionStory.PIN,
        List.of(statements));
  }
}
