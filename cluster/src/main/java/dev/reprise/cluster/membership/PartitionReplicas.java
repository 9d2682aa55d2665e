package dev.reprise.cluster.membership;

import java.util.List;

/**
 * Which nodes are to have a copy of a partition.
 *
 * @param partition its number, from 0
 * @param version rises with each change of the replicas
 * @param replicas in rising order, one per node
 * @param settled whether the partition's log has exactly these members; until then it may have
 *     others, too, and no further change is made
 */
public record PartitionReplicas(
    int partition, long version, List<ReplicaId> replicas, boolean settled) {
  public PartitionReplicas {
    replicas = replicas.stream().sorted().toList();
  }

  /** Whether the node is to have a copy. */
  public boolean isOn(NodeId node) {
    return replicas.stream().anyMatch(it -> it.node().equals(node));
  }
}
