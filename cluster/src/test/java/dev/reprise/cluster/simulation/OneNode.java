package dev.reprise.cluster.simulation;

import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.simulated.Faults;
import dev.reprise.cluster.log.simulated.SimulatedLog;
import dev.reprise.cluster.log.simulated.SimulatedTime;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.cluster.partition.PartitionSettings;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.table.TablesView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One partition on one node, for stories about a leader and its front doors. */
final class OneNode {
  private final SimulatedTime time = new SimulatedTime();
  private final SplittableRandom random = new SplittableRandom(1);
  private final KeyRanges ranges = new KeyRanges(1);
  private final SimulatedWorld world = new SimulatedWorld(ranges, random.split());
  private final SimulatedLog log = SimulatedLog.cluster(1, time, random.split(), Faults.NONE);
  private final MemoryStore store = new MemoryStore();
  private final SimulatedLoop loop = new SimulatedLoop(time, random.split());
  private final PartitionRouter router =
      new PartitionRouter(
          ranges,
          PartitionRouter.Surroundings.alone(
              partition -> loop, () -> time.nowMillis() * 1_000_000, Duration.ofSeconds(2)));
  private final Partition partition;

  /**
   * @param timersInMemory further ones stay in their table
   * @param attempts invocations at once
   */
  OneNode(int timersInMemory, int attempts) {
    partition =
        Partition.open(
            0,
            store,
            replica -> log.start(0, replica),
            new Partition.Environment(
                loop,
                new PartitionSettings("n1", 2, timersInMemory, Duration.ofMillis(500)),
                (self, host) ->
                    new SimulatedInvoker(
                        host,
                        world,
                        random.split(),
                        () -> Unrest.NONE,
                        new Transcript(time, 1),
                        attempts),
                (receiver, messages, answer) -> answer.accept(null),
                Runnable::run,
                () -> Instant.ofEpochMilli(time.nowMillis()),
                () -> time.nowMillis() * 1_000_000));
    router.open(List.of(partition));
  }

  /** Runs the clock until somebody leads here. */
  OneNode led() {
    time.runFor(2_000);
    return this;
  }

  NewInvocation make(String handler, String key, String input) {
    return world.make(handler, key, "", input, null);
  }

  /** Remembered for a while after its end. */
  NewInvocation remembered(String handler, String name) {
    return world.make(handler, "", name, name, null);
  }

  NewInvocation delayed(NewInvocation asked, long millis) {
    return world.delayed(asked, time.nowMillis() + millis);
  }

  List<Ingress.Answer> call(NewInvocation asked) {
    List<Ingress.Answer> answers = new ArrayList<>();
    router.call(asked, answers::add);
    return answers;
  }

  PartitionRouter router() {
    return router;
  }

  SimulatedTime time() {
    return time;
  }

  SimulatedLog log() {
    return log;
  }

  Partition partition() {
    return partition;
  }

  SideEffects effects() {
    return world.effects();
  }

  MemoryStore store() {
    return store;
  }

  TablesView tables() {
    return new TablesView(store);
  }
}
