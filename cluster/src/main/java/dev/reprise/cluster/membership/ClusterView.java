package dev.reprise.cluster.membership;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as the metadata describes it, at one version. Immutable; any thread.
 *
 * @param version rises with each change; 0 before the cluster was founded
 * @param name the cluster's
 * @param fingerprint drawn when the cluster was founded: two clusters of one name differ in it
 * @param nextNode the number of the next node to join
 * @param replication how many copies a partition is to have, or 0 for as many as there are nodes,
 *     up to three
 * @param rules the version of the rules that partitions follow: rises to what all members know
 * @param members by rising id
 * @param partitions by number, from 0, without a gap
 */
public record ClusterView(
    long version,
    String name,
    String fingerprint,
    int nextNode,
    int replication,
    int rules,
    List<Member> members,
    List<PartitionReplicas> partitions) {
  /** Before the cluster was founded. */
  public static final ClusterView NOTHING =
      new ClusterView(0, "", "", 1, 0, 1, List.of(), List.of());

  public ClusterView {
    members = members.stream().sorted(Comparator.comparing(Member::id)).toList();
    partitions =
        partitions.stream().sorted(Comparator.comparingInt(PartitionReplicas::partition)).toList();
  }

  public boolean isFounded() {
    return version > 0;
  }

  /** The member, or null when there is none of this id. */
  public @Nullable Member member(NodeId id) {
    return members.stream().filter(it -> it.id().equals(id)).findFirst().orElse(null);
  }

  /** The member, or null when there is none of this name. */
  public @Nullable Member named(String nodeName) {
    return members.stream().filter(it -> it.name().equals(nodeName)).findFirst().orElse(null);
  }

  /** The replicas of a partition, or null when there is no such partition. */
  public @Nullable PartitionReplicas replicasOf(int partition) {
    return partition >= 0 && partition < partitions.size() ? partitions.get(partition) : null;
  }
}
