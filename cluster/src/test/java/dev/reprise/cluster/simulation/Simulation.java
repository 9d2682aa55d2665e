package dev.reprise.cluster.simulation;

import dev.reprise.cluster.engine.PartitionStateMachine;
import dev.reprise.cluster.log.simulated.Faults;
import dev.reprise.cluster.log.simulated.SimulatedLog;
import dev.reprise.cluster.log.simulated.SimulatedTime;
import dev.reprise.cluster.partition.RuledPartition;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.storage.model.NewInvocation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * One run: clients and handlers at work while everything goes wrong that may; then all is well, and
 * everything must come to its end.
 */
final class Simulation {
  private static final long STORM_MILLIS = 12_000;
  private static final long CALM_MILLIS_MAX = 120_000;
  private static final int TRANSCRIPT_LINES = 120;

  private final long seed;
  private final Mutation mutation;
  private final SimulatedTime time = new SimulatedTime();
  private final SplittableRandom random;
  private final Transcript transcript = new Transcript(time, TRANSCRIPT_LINES);
  private final KeyRanges ranges;
  private final SimulatedWorld world;
  private final Lives lives;
  private final SimulatedNetwork network;
  private final List<SimulatedLog> logs = new ArrayList<>();
  private final List<RuledPartition.Rules> rules = new ArrayList<>();
  private final List<Judge> judges = new ArrayList<>();
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final List<SimulatedClient> clients = new ArrayList<>();
  private final List<NewInvocation> refused = new ArrayList<>();
  private Unrest unrest = Unrest.STORM;
  private long steps;

  Simulation(long seed, Mutation mutation) {
    this.seed = seed;
    this.mutation = mutation;
    this.random = new SplittableRandom(seed);
    this.ranges = new KeyRanges(2 + random.nextInt(2));
    this.world = new SimulatedWorld(ranges, random.split());
    this.lives = new Lives(world.effects(), time);
    this.network = new SimulatedNetwork(this, random.split());
    int size = random.nextInt(4) == 0 ? 1 : 3;
    for (int partition = 0; partition < ranges.partitions(); partition++) {
      RuledPartition.Rules right = new PartitionStateMachine(partition)::apply;
      rules.add(mutation.rules(right));
      judges.add(new Judge(partition, rules.getLast(), lives, transcript));
      logs.add(SimulatedLog.cluster(size, time, random.split(), storm()));
    }
    for (int node = 0; node < size; node++) {
      nodes.add(new SimulatedNode(node, this, random.split()));
      nodes.getLast().start();
    }
    for (int client = 0; client < 4; client++) {
      clients.add(new SimulatedClient(this, random.split(), "c" + client, 12));
    }
    new SimulatedOperator(this, random.split());
  }

  private Faults storm() {
    return Faults.STORM
        .withApplyDelayMax(20 + random.nextInt(200))
        .withElectionEveryMean(500 + random.nextInt(4_000))
        .withDuplicated(random.nextInt(3) == 0 ? 0.02 : 0);
  }

  // ---- running ----

  /** Runs from beginning to end; a violation tells seed, how to repeat it, and the last steps. */
  void run() {
    try {
      time.after(100, this::incident);
      runUntil(() -> time.nowMillis() >= STORM_MILLIS, STORM_MILLIS + 1);
      calmDown();
      runUntil(this::allDone, time.nowMillis() + CALM_MILLIS_MAX);
      new Ending(this).check(allDone());
      long forgotten = time.nowMillis() + SimulatedWorld.RETENTION_MILLIS + 10_000;
      runUntil(() -> time.nowMillis() >= forgotten, forgotten + 1);
      new Ending(this).checkForgotten();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          e.getMessage()
              + "\n  in seed "
              + seed
              + " at "
              + time.nowMillis()
              + " ms; again: mvn -pl cluster -am test -Dtest=SimulationTest -Dseed="
              + seed
              + " -Dquick -Dsurefire.failIfNoSpecifiedTests=false\n"
              + transcript,
          e);
    }
  }

  private void runUntil(BooleanSupplier reached, long untilMillis) {
    while (!reached.getAsBoolean() && time.nowMillis() < untilMillis && time.runNext()) {
      steps++;
    }
  }

  private boolean allDone() {
    return lives.open().isEmpty()
        && clients.stream().allMatch(SimulatedClient::isDone)
        && judges.stream().allMatch(Judge::hasNothingToShip);
  }

  private void incident() {
    if (unrest.equals(Unrest.NONE)) {
      return;
    }
    SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
    int partition = random.nextInt(ranges.partitions());
    int number = nodes.indexOf(node);
    switch (random.nextInt(9)) {
      case 0, 1 -> fails(node, true);
      case 2 -> fails(node, false);
      case 3 -> {
        logs.get(partition).pause(number);
        time.after(random.nextInt(1_500), () -> logs.get(partition).resume(number));
      }
      case 4 -> logs.get(partition).elect(number);
      case 5 -> {
        if (node.isUp()) {
          node.fillDisk(partition);
          time.after(500, () -> fails(node, true));
        }
      }
      case 6 -> node.jumpClock();
      default -> node.flush(partition);
    }
    time.after(50 + random.nextInt(900), this::incident);
  }

  private void fails(SimulatedNode node, boolean crashes) {
    if (!node.isUp()) {
      return;
    }
    if (crashes) {
      node.crash();
    } else {
      node.stop();
    }
    time.after(
        SimulatedNode.STOPPING_MILLIS + 10 + random.nextInt(1_000),
        () -> {
          if (!node.isUp()) {
            node.start();
          }
        });
  }

  private void calmDown() {
    transcript.line(() -> "from here on all is well");
    unrest = Unrest.NONE;
    time.after(
        3_000,
        () -> {
          for (int node = 0; node < nodes.size(); node++) {
            for (SimulatedLog log : logs) {
              log.resume(node);
            }
          }
          logs.forEach(it -> it.become(Faults.NONE));
        });
  }

  // ---- what the parts need of each other ----

  /** A node that is likely to lead the partition. */
  SimulatedNode nodeFor(int partition, SplittableRandom chance) {
    OptionalInt leader = logs.get(partition).leader();
    boolean guesses = leader.isEmpty() || (!unrest.equals(Unrest.NONE) && chance.nextInt(5) == 0);
    return nodes.get(guesses ? chance.nextInt(nodes.size()) : leader.getAsInt());
  }

  /** Any node, or one that is likely to lead: whichever a client knows. */
  SimulatedNode doorFor(int partition, SplittableRandom chance) {
    return chance.nextBoolean()
        ? nodes.get(chance.nextInt(nodes.size()))
        : nodeFor(partition, chance);
  }

  /** The nodes hear of it one after the other, if at all. */
  void leaderChanged() {
    for (SimulatedNode node : nodes) {
      if (random.nextInt(5) > 0) {
        time.after(random.nextInt(100), () -> node.ways().changed());
      }
    }
  }

  SimulatedNode node(int number) {
    return nodes.get(number);
  }

  int size() {
    return nodes.size();
  }

  boolean isAlone() {
    return nodes.size() == 1;
  }

  /** A client was told that nothing was done. */
  void refused(NewInvocation asked) {
    refused.add(asked);
  }

  List<NewInvocation> refused() {
    return refused;
  }

  List<SimulatedClient> clients() {
    return clients;
  }

  SimulatedTime time() {
    return time;
  }

  Transcript transcript() {
    return transcript;
  }

  KeyRanges ranges() {
    return ranges;
  }

  SimulatedWorld world() {
    return world;
  }

  Lives lives() {
    return lives;
  }

  SimulatedNetwork network() {
    return network;
  }

  Unrest unrest() {
    return unrest;
  }

  Mutation mutation() {
    return mutation;
  }

  SimulatedLog log(int partition) {
    return logs.get(partition);
  }

  Judge judge(int partition) {
    return judges.get(partition);
  }

  List<Judge> judges() {
    return judges;
  }

  RuledPartition.Rules rules(int partition) {
    return rules.get(partition);
  }

  /** Steps of the one scheduler. */
  long steps() {
    return steps;
  }
}
