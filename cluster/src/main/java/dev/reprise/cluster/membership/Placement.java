package dev.reprise.cluster.membership;

import dev.reprise.cluster.membership.ClusterCommand.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses where replicas are to be: as many as wanted, on nodes that are to have some, spread over
 * zones and evenly over nodes. Each answer is one step of one partition that is settled; the next
 * is asked for when that one has been carried out. Pure.
 */
public final class Placement {
  private static final int DEFAULT_REPLICATION = 3;

  private Placement() {}

  /** How many copies each partition is to have, as things stand. */
  public static int wanted(ClusterView view) {
    int active = (int) view.members().stream().filter(Member::isActive).count();
    int asked = view.replication() == 0 ? DEFAULT_REPLICATION : view.replication();
    return Math.max(1, Math.min(asked, active));
  }

  /** The next step, or null when everything is where it should be, or is on its way. */
  public static @Nullable Place next(ClusterView view) {
    Map<NodeId, Integer> loads = loads(view);
    for (PartitionReplicas partition : view.partitions()) {
      if (partition.settled()) {
        List<ReplicaId> better = repaired(view, partition, loads);
        if (better != null) {
          return new Place(partition.partition(), partition.version(), better);
        }
      }
    }
    return view.partitions().stream().allMatch(PartitionReplicas::settled)
        ? evened(view, loads)
        : null;
  }

  /** What is wrong with one partition, put right in one step; null when nothing is. */
  private static @Nullable List<ReplicaId> repaired(
      ClusterView view, PartitionReplicas partition, Map<NodeId, Integer> loads) {
    List<ReplicaId> replicas = new ArrayList<>(partition.replicas());
    for (ReplicaId replica : partition.replicas()) {
      Member member = view.member(replica.node());
      if (member != null && member.isActive() && !member.replica().equals(replica)) {
        // Its disk was lost: the next generation takes its place.
        replicas.remove(replica);
        replicas.add(member.replica());
        return replicas;
      }
    }
    for (ReplicaId replica : partition.replicas()) {
      Member member = view.member(replica.node());
      if (member == null || !member.isActive()) {
        Member other = candidate(view, partition, loads);
        if (other != null || replicas.size() > 1) {
          replicas.remove(replica);
          if (other != null) {
            replicas.add(other.replica());
          }
          return replicas;
        }
      }
    }
    int wanted = wanted(view);
    if (replicas.size() < wanted) {
      Member other = candidate(view, partition, loads);
      if (other != null) {
        replicas.add(other.replica());
        return replicas;
      }
    }
    if (replicas.size() > wanted) {
      replicas.remove(busiest(view, replicas, loads));
      return replicas;
    }
    return null;
  }

  /** The best node for one more copy; null when there is none. */
  private static @Nullable Member candidate(
      ClusterView view, PartitionReplicas partition, Map<NodeId, Integer> loads) {
    return view.members().stream()
        .filter(it -> it.isActive() && !partition.isOn(it.id()))
        .min(
            Comparator.comparingInt((Member it) -> sharing(view, partition.replicas(), it))
                .thenComparingInt(it -> loads.getOrDefault(it.id(), 0))
                .thenComparing(Member::id))
        .orElse(null);
  }

  /** How many of the replicas are in the zone of this node, itself left out. */
  private static int sharing(ClusterView view, List<ReplicaId> replicas, Member member) {
    int count = 0;
    for (ReplicaId replica : replicas) {
      Member other = view.member(replica.node());
      if (other != null && other.zone().equals(member.zone()) && !other.id().equals(member.id())) {
        count++;
      }
    }
    return count;
  }

  private static ReplicaId busiest(
      ClusterView view, List<ReplicaId> replicas, Map<NodeId, Integer> loads) {
    return replicas.stream()
        .max(
            Comparator.comparingInt((ReplicaId it) -> sharingOf(view, replicas, it))
                .thenComparingInt(it -> loads.getOrDefault(it.node(), 0))
                .thenComparing(it -> it))
        .orElseThrow();
  }

  private static int sharingOf(ClusterView view, List<ReplicaId> replicas, ReplicaId replica) {
    Member member = view.member(replica.node());
    return member == null ? Integer.MAX_VALUE : sharing(view, replicas, member);
  }

  /** Moves one copy from the node that has most to the one that has least, if that evens them. */
  private static @Nullable Place evened(ClusterView view, Map<NodeId, Integer> loads) {
    List<Member> byLoad =
        view.members().stream()
            .filter(Member::isActive)
            .sorted(
                Comparator.comparingInt((Member it) -> loads.getOrDefault(it.id(), 0))
                    .thenComparing(Member::id))
            .toList();
    if (byLoad.size() < 2) {
      return null;
    }
    Member least = byLoad.getFirst();
    Member most = byLoad.getLast();
    if (loads.getOrDefault(most.id(), 0) - loads.getOrDefault(least.id(), 0) < 2) {
      return null;
    }
    for (PartitionReplicas partition : view.partitions()) {
      if (partition.isOn(most.id()) && !partition.isOn(least.id())) {
        List<ReplicaId> moved = new ArrayList<>(partition.replicas());
        moved.removeIf(it -> it.node().equals(most.id()));
        if (sharing(view, moved, least) <= sharing(view, moved, most)) {
          moved.add(least.replica());
          return new Place(partition.partition(), partition.version(), moved);
        }
      }
    }
    return null;
  }

  private static Map<NodeId, Integer> loads(ClusterView view) {
    Map<NodeId, Integer> loads = new HashMap<>();
    for (PartitionReplicas partition : view.partitions()) {
      partition.replicas().forEach(it -> loads.merge(it.node(), 1, Integer::sum));
    }
    return loads;
  }
}
