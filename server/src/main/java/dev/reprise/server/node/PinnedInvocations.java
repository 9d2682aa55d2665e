package dev.reprise.server.node;

import dev.reprise.cluster.partition.Partition;
import dev.reprise.server.admin.DeploymentUse;
import dev.reprise.storage.model.Pin;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Counts, in this node's partitions, what is pinned to a deployment or may be by an attempt that is
 * under way. Reads their tables.
 */
final class PinnedInvocations implements DeploymentUse {
  private final ToIntFunction<String> attemptsUnderWay;
  private final Supplier<List<Partition>> partitions;

  PinnedInvocations(ToIntFunction<String> attemptsUnderWay, Supplier<List<Partition>> partitions) {
    this.attemptsUnderWay = attemptsUnderWay;
    this.partitions = partitions;
  }

  @Override
  public long pinned(String deploymentId) {
    // First these: what one of them has pinned since is in the tables.
    long count = attemptsUnderWay.applyAsInt(deploymentId);
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
