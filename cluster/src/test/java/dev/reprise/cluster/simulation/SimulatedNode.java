package dev.reprise.cluster.simulation;

import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.cluster.partition.PartitionSettings;
import dev.reprise.cluster.partition.RuledPartition;
import dev.reprise.storage.kv.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A node with a replica of every partition; it can be killed, stopped and started again. */
final class SimulatedNode {
  /** An orderly stop takes this long. */
  static final long STOPPING_MILLIS = 50;

  private static final long EPOCH_MILLIS = 1_000_000;

  private final int number;
  private final Simulation simulation;
  private final SplittableRandom random;
  private final MemoryStore[] stores;
  private final boolean[] full;
  private final List<Partition> partitions = new ArrayList<>();
  private final List<SimulatedLoop> loops = new ArrayList<>();
  private final List<Runnable> connected = new ArrayList<>();
  private final SimulatedWays ways;
  private PartitionRouter router;
  private long skewMillis;
  private boolean up;

  SimulatedNode(int number, Simulation simulation, SplittableRandom random) {
    this.number = number;
    this.simulation = simulation;
    this.random = random;
    this.stores = new MemoryStore[simulation.ranges().partitions()];
    this.full = new boolean[stores.length];
    for (int i = 0; i < stores.length; i++) {
      stores[i] = new MemoryStore();
    }
    this.ways = new SimulatedWays(simulation, random.split(), number);
    this.router = newRouter(List.of(new SimulatedLoop(simulation.time(), random.split())));
  }

  /** Whoever has a connection to this process notices its end. */
  void whenItDies(Runnable noticed) {
    connected.add(noticed);
  }

  private void disconnect() {
    List<Runnable> noticing = List.copyOf(connected);
    connected.clear();
    noticing.forEach(Runnable::run);
  }

  boolean isUp() {
    return up;
  }

  SimulatedWays ways() {
    return ways;
  }

  PartitionRouter router() {
    return router;
  }

  void start() {
    up = true;
    skewMillis = random.nextLong(1_001) - 500;
    partitions.clear();
    loops.clear();
    int wanted = random.nextBoolean() ? 1 : stores.length;
    for (int loop = 0; loop < wanted; loop++) {
      loops.add(new SimulatedLoop(simulation.time(), random.split()));
    }
    router = newRouter(List.copyOf(loops));
    for (int partition = 0; partition < stores.length; partition++) {
      partitions.add(open(partition, loops.get(partition % wanted)));
    }
    router.open(partitions);
    simulation.transcript().line(() -> "node " + number + " starts");
  }

  private PartitionRouter newRouter(List<SimulatedLoop> own) {
    return new PartitionRouter(
        simulation.ranges(),
        new PartitionRouter.Surroundings(
            partition -> own.get(partition % own.size()),
            () -> simulation.time().nowMillis() * 1_000_000,
            Duration.ofSeconds(2),
            ways,
            ways,
            () -> null));
  }

  private Partition open(int partition, SimulatedLoop loop) {
    MemoryStore store = stores[partition];
    int attempts = 2 + random.nextInt(8);
    PartitionSettings settings =
        new PartitionSettings(
            "n" + number,
            1 + random.nextInt(4),
            1 + random.nextInt(6),
            Duration.ofMillis(200 + random.nextInt(2_000)));
    Partition.Environment environment =
        new Partition.Environment(
            loop,
            settings,
            (self, host) ->
                new SimulatedInvoker(
                    host,
                    simulation.world(),
                    random.split(),
                    simulation::unrest,
                    simulation.transcript(),
                    attempts),
            simulation.network(),
            task -> simulation.time().after(random.nextInt(50), task),
            () -> Instant.ofEpochMilli(EPOCH_MILLIS + simulation.time().nowMillis() + skewMillis),
            () -> simulation.time().nowMillis() * 1_000_000);
    return RuledPartition.open(
        partition,
        store,
        replica ->
            simulation
                .mutation()
                .open(
                    replica,
                    it -> simulation.log(partition).start(number, observed(partition, it, store))),
        environment,
        simulation.rules(partition));
  }

  /** What is committed, on its way to the replica, under the eyes of the judge. */
  private Replica observed(int partition, Replica replica, MemoryStore store) {
    return new Replica() {
      @Override
      public LogPosition applied() {
        return replica.applied();
      }

      @Override
      public LogPosition flushed() {
        return replica.flushed();
      }

      @Override
      public void apply(LogPosition at, byte[] entry) {
        replica.apply(at, entry);
        simulation.judge(partition).applied(number, at, entry, store);
      }

      @Override
      public void advanced(LogPosition at) {
        replica.advanced(at);
      }

      @Override
      public void leaderReady(long term) {
        simulation
            .transcript()
            .line(() -> "node " + number + " leads " + partition + " in term " + term);
        replica.leaderReady(term);
        simulation.leaderChanged();
      }

      @Override
      public void leadershipLost() {
        simulation.transcript().line(() -> "node " + number + " leads " + partition + " no more");
        replica.leadershipLost();
      }

      @Override
      public void proposalFailed(long term, Throwable cause) {
        simulation
            .transcript()
            .line(() -> "a proposal of node " + number + " for " + partition + " has failed");
        replica.proposalFailed(term, cause);
      }

      @Override
      public void failed(Throwable cause) {
        simulation
            .transcript()
            .line(() -> "node " + number + " closes partition " + partition + ": " + cause);
        replica.failed(cause);
      }
    };
  }

  /** The process dies, and the stores forget some of what they had not flushed. */
  void crash() {
    simulation.transcript().line(() -> "node " + number + " crashes");
    up = false;
    for (int partition = 0; partition < stores.length; partition++) {
      simulation.log(partition).crash(number);
    }
    loops.forEach(SimulatedLoop::die);
    for (int partition = 0; partition < stores.length; partition++) {
      MemoryStore store = stores[partition];
      store.refuseWrites(false);
      full[partition] = false;
      stores[partition] = store.crash(random.nextInt(store.unflushedWrites() + 1));
    }
    disconnect();
  }

  /** The process ends in order: all it has is kept. */
  void stop() {
    simulation.transcript().line(() -> "node " + number + " stops");
    up = false;
    partitions.forEach(Partition::close);
    router.close();
    simulation
        .time()
        .after(
            STOPPING_MILLIS,
            () -> {
              loops.forEach(SimulatedLoop::die);
              for (int partition = 0; partition < stores.length; partition++) {
                stores[partition].refuseWrites(false);
                stores[partition] = stores[partition].reopen();
                full[partition] = false;
              }
              disconnect();
            });
  }

  void flush(int partition) {
    if (up && !full[partition]) {
      stores[partition].flush();
    }
  }

  /** From now on the disk is full. */
  void fillDisk(int partition) {
    simulation.transcript().line(() -> "node " + number + " has no room for " + partition);
    stores[partition].refuseWrites(true);
    full[partition] = true;
  }

  void jumpClock() {
    skewMillis = random.nextLong(1_001) - 500;
  }
}
