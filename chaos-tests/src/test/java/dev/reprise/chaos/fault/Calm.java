package dev.reprise.chaos.fault;

import dev.reprise.chaos.rig.Cluster;
import java.time.Duration;

/** The end of a fault: all nodes serve, and every copy of everything is open again. */
final class Calm {
  private Calm() {}

  /**
   * Waits for it.
   *
   * @throws AssertionError if a node ended by itself, does not serve, or stays without its copies
   */
  static void await(Cluster cluster, Duration patience) {
    for (int node = 0; node < cluster.size(); node++) {
      if (!cluster.isUp(node)) {
        throw new AssertionError(
            "Expected node " + node + " to be up, but it ended by itself\n" + cluster.tail(node));
      }
    }
    for (int node = 0; node < cluster.size(); node++) {
      cluster.awaitServing(node);
    }
    cluster.awaitWhole(patience);
  }
}
