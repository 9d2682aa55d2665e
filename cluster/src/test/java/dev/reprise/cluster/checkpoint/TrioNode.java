package dev.reprise.cluster.checkpoint;

import dev.reprise.cluster.engine.LogEntry;
import dev.reprise.cluster.engine.PartitionStateMachine;
import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.ratis.RatisNode;
import dev.reprise.cluster.log.ratis.RatisSettings;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.cluster.partition.PartitionSettings;
import dev.reprise.cluster.partition.RuledPartition;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.storage.kv.Contents;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.StatePatch;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.Tables;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** One of three nodes. Used by one thread, but for what others fetch from it. */
final class TrioNode {
  private final Trio trio;
  private final Path directory;
  private final RatisSettings settings;
  private final PartitionStateMachine rules = new PartitionStateMachine(0);
  private volatile LongPredicate poison = index -> false;
  private volatile LongPredicate strays = index -> false;
  private @Nullable Running running;

  /** The store of the replica that was opened last. */
  private volatile @Nullable KeyValueStore opened;

  /** What ends with the process. */
  private record Running(
      RatisNode logs,
      ThreadLoop loop,
      ExecutorService background,
      PartitionRouter router,
      LocalCheckpoints offers,
      ReplicaKeeper<Partition> keeper) {}

  TrioNode(Trio trio, Path directory, RatisSettings settings) {
    this.trio = trio;
    this.directory = directory;
    this.settings = settings;
  }

  String name() {
    return settings.nodeId();
  }

  Path store() {
    return directory.resolve("partition-0");
  }

  /** Where the files of the Raft log are. */
  Path log() {
    return directory.resolve("log");
  }

  boolean runs() {
    return running != null;
  }

  void start() {
    RatisNode logs = RatisNode.start(settings);
    ThreadLoop loop = new ThreadLoop();
    ExecutorService background =
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    PartitionRouter router =
        new PartitionRouter(
            new KeyRanges(1),
            PartitionRouter.Surroundings.alone(
                number -> loop, System::nanoTime, Duration.ofSeconds(4)));
    LocalCheckpoints offers =
        new LocalCheckpoints(name(), directory.resolve("checkpoints"), System::nanoTime);
    PartitionSettings partition =
        new PartitionSettings(
            name(), 4, 64, Duration.ofMinutes(1), 128 << 10, Duration.ofMillis(200));
    Partition.Environment environment =
        new Partition.Environment(
            loop,
            partition,
            (number, host) -> new IdleInvoker(),
            router,
            background,
            InstantSource.system(),
            System::nanoTime);
    ReplicaKeeper<Partition> keeper =
        new ReplicaKeeper<>(
            new ReplicaKeeper.Parts<>(
                "partition 0 of " + name(),
                Trio.LOG,
                store(),
                this::openStore,
                rows -> open(rows, logs, environment, router),
                () -> router.close(0),
                () -> trio.othersOf(this),
                offers,
                background));
    running = new Running(logs, loop, background, router, offers, keeper);
    keeper.start();
  }

  private KeyValueStore openStore(Path path) {
    KeyValueStore rows = RocksDbStore.open(path, trio.resources);
    if (path.equals(store())) {
      opened = rows;
    }
    return rows;
  }

  private Partition open(
      KeyValueStore store,
      RatisNode logs,
      Partition.Environment environment,
      PartitionRouter router) {
    Partition partition =
        RuledPartition.open(
            0, store, replica -> logs.open(Trio.LOG, replica), environment, this::applied);
    router.open(partition);
    return partition;
  }

  private PartitionStateMachine.Effects applied(LogEntry entry, long index, Tables tables) {
    if (poison.test(index)) {
      throw new IllegalStateException("a mistake of " + name());
    }
    PartitionStateMachine.Effects effects = rules.apply(entry, index, tables);
    if (strays.test(index)) {
      tables
          .state()
          .put(
              new Keys.State(new ObjectId("box", "stray"), Bytes.utf8("value")),
              Bytes.utf8(name()));
    }
    return effects;
  }

  /** From now on this replica writes something else at such an entry. */
  void strayAt(LongPredicate index) {
    strays = index;
  }

  /** From now on this replica makes a mistake at such an entry. */
  void stumbleAt(LongPredicate index) {
    poison = index;
  }

  /** Ends in order. */
  void stop() {
    Running ending = expectRunning();
    running = null;
    ending.keeper().close();
    ending.logs().close();
    ending.offers().close();
    ending.loop().close();
    ending.background().shutdownNow();
  }

  private Running expectRunning() {
    return Objects.requireNonNull(running, () -> "Expected " + name() + " to run");
  }

  LocalCheckpoints offers() {
    return expectRunning().offers();
  }

  ReplicaKeeper<Partition> keeper() {
    return expectRunning().keeper();
  }

  ReplicaKeeper.Condition condition() {
    return keeper().status().condition();
  }

  boolean leads() {
    Partition open = running == null ? null : keeper().replica();
    if (open == null) {
      return false;
    }
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    open.leads(answer::complete);
    return answer.completeOnTimeout(false, 5, TimeUnit.SECONDS).join();
  }

  void patch(ObjectId object, StatePatch patch, Consumer<Ingress.Answer> answer) {
    expectRunning().router().patchState(object, patch, answer);
  }

  /** The rows, or nothing while the replica is closed. */
  Contents contents() {
    Partition open = keeper().replica();
    try {
      KeyValueStore rows = opened;
      return open == null || rows == null ? new Contents(-1, name()) : Contents.of(rows);
    } catch (StorageException e) {
      return new Contents(-1, name());
    }
  }

  long applied() {
    Partition open = keeper().replica();
    return open == null ? 0 : open.index();
  }

  @Override
  public String toString() {
    return name() + (running == null ? " is down" : " " + keeper().status() + " at " + applied());
  }
}
