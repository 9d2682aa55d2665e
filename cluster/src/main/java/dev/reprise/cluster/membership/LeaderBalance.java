package dev.reprise.cluster.membership;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Chooses which leader moves next, so that nodes lead about as many partitions each. Pure. */
public final class LeaderBalance {
  private LeaderBalance() {}

  /** A partition whose leadership is to go from one node to another that has a copy. */
  public record Move(int partition, NodeId from, NodeId to) {}

  /**
   * The next move; null when moving one would not make it more even, or when something is being
   * moved anyway.
   *
   * @param leader who leads a partition; null when nobody does
   * @param alive whether a node could take over
   */
  public static @Nullable Move next(
      ClusterView view, IntFunction<@Nullable NodeId> leader, Predicate<ReplicaId> alive) {
    Map<NodeId, Integer> led = new HashMap<>();
    for (PartitionReplicas partition : view.partitions()) {
      NodeId now = leader.apply(partition.partition());
      if (now == null || !partition.settled()) {
        return null;
      }
      led.merge(now, 1, Integer::sum);
    }
    Move best = null;
    int most = 1;
    for (PartitionReplicas partition : view.partitions()) {
      NodeId from = leader.apply(partition.partition());
      for (ReplicaId replica : partition.replicas()) {
        Member to = view.member(replica.node());
        if (from == null || to == null || !to.isActive() || !alive.test(replica)) {
          continue;
        }
        int gain = led.getOrDefault(from, 0) - led.getOrDefault(to.id(), 0);
        if (gain > most) {
          most = gain;
          best = new Move(partition.partition(), from, to.id());
        }
      }
    }
    return best;
  }
}
