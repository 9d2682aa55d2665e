package dev.reprise.cluster.log.simulated;

import dev.reprise.cluster.log.LogRig;
import dev.reprise.cluster.log.ReplicatedLogContract;

/** The simulated log keeps the contract, alone. */
class SimulatedLogOfOneTest extends ReplicatedLogContract {
  @Override
  protected LogRig startRig() {
    return new SimulatedRig(1, 42);
  }
}
