package dev.reprise.cluster.log.simulated;

import static org.assertj.core.api.Assertions.fail;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Simulated logs that share one clock and one seed. Waiting turns the clock. */
final class SimulatedRig implements LogRig {
  private static final long DEADLINE_MILLIS = 600_000;

  private final int nodes;
  private final SplittableRandom random;
  private final SimulatedTime time = new SimulatedTime();
  private final TreeMap<String, SimulatedLog> logs = new TreeMap<>();

  SimulatedRig(int nodes, long seed) {
    this.nodes = nodes;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public int nodes() {
    return nodes;
  }

  @Override
  public ReplicatedLog open(int node, LogId id, Replica replica) {
    return logs.computeIfAbsent(
            id.name(), name -> SimulatedLog.cluster(nodes, time, random.split(), Faults.NONE))
        .start(node, replica);
  }

  @Override
  public void kill(int node) {
    logs.values().forEach(log -> log.crash(node));
  }

  @Override
  public void restart(int node) {}

  @Override
  public void await(String what, BooleanSupplier condition) {
    long deadline = time.nowMillis() + DEADLINE_MILLIS;
    while (!condition.getAsBoolean()) {
      if (time.nowMillis() > deadline || !time.runNext()) {
        fail("Expected that " + what + ", but it did not happen by " + time.nowMillis() + " ms");
      }
    }
  }

  @Override
  public void changed() {}

  @Override
  public void close() {}
}
