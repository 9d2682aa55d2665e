package dev.reprise.cluster.log.simulated;

import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.ReplicatedLogContract;

/** The simulated log keeps the contract, among three. */
class SimulatedLogOfThreeTest extends ReplicatedLogContract {
  @Override
  protected LogRig startRig() {
    return new SimulatedRig(3, 42);
  }
}
