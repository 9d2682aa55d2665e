package dev.reprise.server.node;

import dev.reprise.cluster.partition.Partition;
import dev.reprise.server.admin.DeploymentUse;
import dev.reprise.storage.model.Pin;
import java.util.List;
import java.util.function.Supplier;

/** Counts, in this node's partitions, what is pinned to a deployment. Reads their tables. */
final class PinnedInvocations implements DeploymentUse {
  private final Supplier<List<Partition>> partitions;

  PinnedInvocations(Supplier<List<Partition>> partitions) {
    this.partitions = partitions;
  }

  @Override
  public long pinned(String deploymentId) {
    long count = 0;
    for (Partition partition : partitions.get()) {
      try (var scan = partition.tables().invocations()) {
        while (scan.next()) {
          Pin pin = scan.value().progress().pin();
          count += pin != null && pin.deployment().equals(deploymentId) ? 1 : 0;
        }
      }
    }
    return count;
  }
}
