package dev.reprise.cluster.membership;

import java.util.List;

/** What can change the cluster's description. All that chance and the network say is in it. */
public sealed interface ClusterCommand {
  /**
   * Makes a new cluster with one node, which has a copy of everything. Changes nothing when there
   * is a cluster.
   *
   * @param partitions how many, from 1; fixed from then on
   * @param replication as in {@link ClusterView}
   */
  record Found(String name, String fingerprint, Newcomer first, int partitions, int replication)
      implements ClusterCommand {}

  /**
   * Makes a node a member. One of a known name comes back without its disk: it keeps its id and
   * gets the next generation. Whoever proposes has made sure that the old one does not run.
   */
  record Join(Newcomer newcomer) implements ClusterCommand {}

  /**
   * What a node says about itself when it joins.
   *
   * @param rules the newest version of the rules that its build knows
   */
  record Newcomer(String name, String zone, Member.Addresses addresses, int rules) {}

  /** A member runs another build, which knows rules up to this version. */
  record Know(ReplicaId replica, int rules) implements ClusterCommand {}

  /** Begins to drain a node, or takes it back. */
  record Stand(NodeId node, Member.Standing standing) implements ClusterCommand {}

  /** Forgets a node that has no replica any more. */
  record Remove(NodeId node) implements ClusterCommand {}

  /**
   * Wants other replicas of a partition.
   *
   * @param version the partition's version that this was decided on; rejected at any other
   */
  record Place(int partition, long version, List<ReplicaId> replicas) implements ClusterCommand {
    public Place {
      replicas = List.copyOf(replicas);
    }
  }

  /** The partition's log has the replicas of this version, and no others. */
  record Settle(int partition, long version) implements ClusterCommand {}

  /** How many copies each partition is to have from now on, as in {@link ClusterView}. */
  record Replicate(int replication) implements ClusterCommand {}

  /** What becomes of it, for people, in a few words. */
  default String words() {
    return switch (this) {
      case Found it -> "cluster " + it.name() + " is founded";
      case Join it -> "node " + it.newcomer().name() + " joins";
      case Know it -> it.replica() + " knows rules up to version " + it.rules();
      case Stand it ->
          it.node() + (it.standing() == Member.Standing.ACTIVE ? " is active" : " is drained");
      case Remove it -> it.node() + " is removed";
      case Place it -> "partition " + it.partition() + " is to be on " + it.replicas();
      case Settle it -> "partition " + it.partition() + " is where it is to be";
      case Replicate it -> "copies of each partition: " + it.replication();
    };
  }
}
