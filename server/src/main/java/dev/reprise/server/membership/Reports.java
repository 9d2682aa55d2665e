package dev.reprise.server.membership;

import dev.reprise.api.nodes.v1.NodeReport;
import dev.reprise.api.nodes.v1.ReplicaReport;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.PartitionReplicas;
import dev.reprise.cluster.membership.ReplicaId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What each node last said about itself. Any thread. */
public final class Reports {
  private final ReplicaId self;
  private final ReplicatedLogs logs;
  private final LongSupplier nanos;
  private final Map<NodeId, Seen> seen = new ConcurrentHashMap<>();
  private volatile IntFunction<@Nullable Health> healths = partition -> null;

  /** A report, and when it was made by our clock. */
  public record Seen(NodeReport report, long atNanos) {}

  /**
   * How a copy on this node is.
   *
   * @param condition in a word
   * @param reason why it is not open; empty when it is
   * @param rebuilds how often it got another one's state
   */
  public record Health(String condition, String reason, long rebuilds) {}

  public Reports(ReplicaId self, ReplicatedLogs logs, LongSupplier nanos) {
    this.self = self;
    this.logs = logs;
    this.nanos = nanos;
  }

  /**
   * From now on it is said how the copies on this node are.
   *
   * @param health of a partition's copy; null where there is none
   */
  public void tell(IntFunction<@Nullable Health> health) {
    healths = health;
  }

  /** How this node is; remembered, too. */
  NodeReport own(ClusterView view) {
    NodeReport.Builder report =
        NodeReport.newBuilder()
            .setNode(self.node().number())
            .setGeneration(self.generation())
            .setViewVersion(view.version());
    for (PartitionReplicas partition : view.partitions()) {
      LogMembers members = logs.members(LogId.partition(partition.partition()));
      if (members != null || partition.isOn(self.node())) {
        report.addReplicas(replica(partition.partition(), members));
      }
    }
    NodeReport made = report.build();
    take(made);
    return made;
  }

  private ReplicaReport replica(int partition, @Nullable LogMembers members) {
    ReplicaReport.Builder report = ReplicaReport.newBuilder().setPartition(partition);
    Health health = healths.apply(partition);
    if (health != null) {
      report
          .setCondition(health.condition())
          .setReason(health.reason())
          .setRebuilds(health.rebuilds());
    }
    if (members != null) {
      String leader = members.leader();
      report
          .setTerm(members.term())
          .setLeader(leader == null ? "" : leader)
          .setAppliedIndex(members.appliedIndex())
          .setFlushedIndex(members.flushedIndex())
          .setFirstIndex(members.firstIndex())
          .setOpen(true);
    }
    return report.build();
  }

  /** Remembers what a node says; an older report than the one that is known is not taken. */
  void take(NodeReport report) {
    long at = nanos.getAsLong() - TimeUnit.MILLISECONDS.toNanos(report.getAgeMillis());
    seen.merge(
        new NodeId(report.getNode()),
        new Seen(report, at),
        (before, now) -> now.atNanos() - before.atNanos() >= 0 ? now : before);
  }

  /** All that is known, with its age. */
  public List<NodeReport> all() {
    List<NodeReport> all = new ArrayList<>();
    for (Seen each : seen.values()) {
      long age = TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - each.atNanos());
      all.add(each.report().toBuilder().setAgeMillis(Math.max(0, age)).build());
    }
    return all;
  }

  /** Whether the node has said something within this time. */
  boolean isAlive(ReplicaId node, Duration within) {
    Seen last = seen.get(node.node());
    return last != null
        && last.report().getGeneration() == node.generation()
        && nanos.getAsLong() - last.atNanos() < within.toNanos();
  }

  /** Whether the node last said that its copy of the partition is open. */
  boolean isOpen(ReplicaId replica, int partition) {
    Seen last = seen.get(replica.node());
    return last != null
        && last.report().getGeneration() == replica.generation()
        && last.report().getReplicasList().stream()
            .anyMatch(it -> it.getPartition() == partition && it.getOpen());
  }

  /** Who leads the partition by the highest term that was reported; null when nobody knows. */
  @Nullable NodeId leader(int partition) {
    long term = -1;
    NodeId leader = null;
    for (Seen each : seen.values()) {
      for (ReplicaReport replica : each.report().getReplicasList()) {
        if (replica.getPartition() == partition
            && replica.getTerm() > term
            && !replica.getLeader().isEmpty()) {
          term = replica.getTerm();
          leader = ReplicaId.parse(replica.getLeader()).node();
        }
      }
    }
    return leader;
  }
}
