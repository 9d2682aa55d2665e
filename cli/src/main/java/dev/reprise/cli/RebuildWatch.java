package dev.reprise.cli;

import dev.reprise.api.admin.v1.ReplicaInfo;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Looks on while a copy is rebuilt, and says how it is. */
final class RebuildWatch {
  private static final Duration BETWEEN = Duration.ofMillis(300);
  private static final Duration LONGEST = Duration.ofHours(2);

  private final Output output;
  private final ClusterRpc rpc;
  private final int partition;
  private final int node;
  private final long rebuildsBefore;
  private String last = "";

  /**
   * @param rebuildsBefore how often the copy was rebuilt before this was asked for
   */
  RebuildWatch(Output output, ClusterRpc rpc, int partition, int node, long rebuildsBefore) {
    this.output = output;
    this.rpc = rpc;
    this.partition = partition;
    this.node = node;
    this.rebuildsBefore = rebuildsBefore;
  }

  /** The copy, once it is open again. Blocks. */
  ReplicaInfo awaitOpen() {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (System.nanoTime() < end) {
      // What others heard of it may be a second old.
      LockSupport.parkNanos(BETWEEN.toNanos());
      ReplicaInfo copy = copy();
      say(copy);
      boolean begun = !last.isEmpty() || copy.getRebuilds() != rebuildsBefore;
      if (begun && copy.getOpen() && copy.getCondition().equals("open")) {
        return copy;
      }
    }
    throw new CliException(
        CliException.FAILURE,
        "Expected the copy to be open within " + LONGEST.toHours() + " h, but it is not",
        "restatectl partitions describe " + partition + " shows why");
  }

  private ReplicaInfo copy() {
    return rpc.describe().getPartitions(partition).getReplicasList().stream()
        .filter(it -> it.getNode() == node)
        .findFirst()
        .orElseThrow(
            () ->
                new CliException(
                    CliException.FAILURE,
                    "Expected a copy of partition " + partition + " on N" + node + ", but it left",
                    "restatectl partitions list shows where its copies are"));
  }

  private void say(ReplicaInfo copy) {
    String now = copy.getCondition() + (copy.getReason().isEmpty() ? "" : ": " + copy.getReason());
    if (!now.equals(last) && !copy.getCondition().equals("open")) {
      last = now;
      output.err().println("partition " + partition + " on N" + node + " is " + now);
    }
  }
}
