package dev.reprise.server.membership;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.NodeInfo;
import dev.reprise.api.admin.v1.PartitionInfo;
import dev.reprise.api.admin.v1.ReplicaInfo;
import dev.reprise.api.nodes.v1.NodeReport;
import dev.reprise.api.nodes.v1.ReplicaReport;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.PartitionReplicas;
import dev.reprise.cluster.membership.ReplicaId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cluster as this node knows it, for people to look at. Any thread. */
public final class Descriptions {
  private final Membership membership;
  private final ReplicatedLogs logs;
  private final Reports reports;

  public Descriptions(Membership membership, ReplicatedLogs logs, Reports reports) {
    this.membership = membership;
    this.logs = logs;
    this.reports = reports;
  }

  ClusterDescription of(ClusterView view) {
    reports.own(view);
    Map<NodeId, NodeReport> said = new HashMap<>();
    reports.all().forEach(it -> said.put(new NodeId(it.getNode()), it));
    ClusterDescription.Builder description =
        ClusterDescription.newBuilder()
            .setName(view.name())
            .setFingerprint(view.fingerprint())
            .setVersion(view.version())
            .setReplication(view.replication())
            .setAnsweredBy(membership.self().number());
    LogMembers metadata = logs.members(LogId.METADATA);
    if (metadata != null) {
      metadata
          .roster()
          .voters()
          .forEach(it -> description.addMetadataVoters(ReplicaId.parse(it.id()).node().number()));
      String leader = metadata.leader();
      description.setMetadataLeader(leader == null ? 0 : ReplicaId.parse(leader).node().number());
    }
    for (Member member : view.members()) {
      description.addNodes(node(view, member, said.get(member.id())));
    }
    for (PartitionReplicas partition : view.partitions()) {
      description.addPartitions(partition(partition, said));
    }
    return description.build();
  }

  private NodeInfo node(ClusterView view, Member member, @Nullable NodeReport said) {
    int replicas = 0;
    int leads = 0;
    for (PartitionReplicas partition : view.partitions()) {
      replicas += partition.isOn(member.id()) ? 1 : 0;
      leads += member.id().equals(membership.leaderHint(partition.partition())) ? 1 : 0;
    }
    return NodeInfo.newBuilder()
        .setId(member.id().number())
        .setGeneration(member.generation())
        .setName(member.name())
        .setZone(member.zone())
        .setDraining(!member.isActive())
        .setNodeAddress(member.addresses().node().toString())
        .setRaftAddress(member.addresses().raft().toString())
        .setInternodeAddress(member.addresses().internode().toString())
        .setHeardMillisAgo(said == null ? -1 : said.getAgeMillis())
        .setReplicas(replicas)
        .setLeads(leads)
        .build();
  }

  private PartitionInfo partition(PartitionReplicas partition, Map<NodeId, NodeReport> said) {
    NodeId leader = membership.leaderHint(partition.partition());
    PartitionInfo.Builder info =
        PartitionInfo.newBuilder()
            .setNumber(partition.partition())
            .setVersion(partition.version())
            .setSettled(partition.settled())
            .setLeader(leader == null ? 0 : leader.number());
    for (ReplicaId replica : partition.replicas()) {
      ReplicaInfo.Builder copy =
          ReplicaInfo.newBuilder()
              .setNode(replica.node().number())
              .setGeneration(replica.generation());
      NodeReport report = said.get(replica.node());
      if (report != null) {
        for (ReplicaReport each : report.getReplicasList()) {
          if (each.getPartition() == partition.partition()) {
            copy.setOpen(each.getOpen())
                .setAppliedIndex(each.getAppliedIndex())
                .setTerm(each.getTerm())
                .setCondition(each.getCondition())
                .setReason(each.getReason())
                .setRebuilds(each.getRebuilds())
                .setFlushedIndex(each.getFlushedIndex())
                .setFirstIndex(each.getFirstIndex());
          }
        }
      }
      info.addReplicas(copy);
    }
    return info.build();
  }
}
