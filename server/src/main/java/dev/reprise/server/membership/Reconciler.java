package dev.reprise.server.membership;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.LogMembers.Peer;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.membership.ClusterCommand;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.LeaderBalance;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.PartitionReplicas;
import dev.reprise.cluster.membership.Placement;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.cluster.membership.Voters;
import dev.reprise.cluster.metadata.MetadataCommand.ChangeCluster;
import dev.reprise.cluster.metadata.MetadataResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the cluster what it is to be. The leader of the metadata decides where replicas and leaders
 * belong, and writes replicas down; the leader of each log makes its members follow, and says when
 * they do. Everything it goes by is in the metadata or in a log, so that any node can go on where
 * another one crashed. Confined to one thread.
 */
final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final Duration ALIVE = Duration.ofSeconds(5);

  private final Metadata metadata;
  private final ReplicatedLogs logs;
  private final Membership membership;
  private final Reports reports;
  private final Transfers transfers;
  private final LogFollower follower;
  private final Patience patience;

  private CompletableFuture<?> proposal = CompletableFuture.completedFuture(null);

  /** Hands leadership over, wherever it is. */
  @FunctionalInterface
  interface Transfers {
    CompletableFuture<Boolean> transfer(LeaderBalance.Move move);
  }

  Reconciler(
      ReplicaId self,
      Metadata metadata,
      ReplicatedLogs logs,
      Membership membership,
      Reports reports,
      Transfers transfers,
      LongSupplier nanos) {
    this.metadata = metadata;
    this.logs = logs;
    this.membership = membership;
    this.reports = reports;
    this.transfers = transfers;
    this.follower = new LogFollower(self.toString());
    this.patience = new Patience(nanos);
  }

  /** Looks at everything once, and begins what is to be done next. Does not wait for it. */
  void turn() {
    ClusterView view = metadata.cluster();
    if (!view.isFounded()) {
      return;
    }
    LogMembers own = logs.members(LogId.METADATA);
    if (own != null && own.leads()) {
      vote(view, own);
    }
    for (PartitionReplicas partition : view.partitions()) {
      LogMembers members = logs.members(LogId.partition(partition.partition()));
      if (members != null && members.leads()) {
        follow(view, partition, members);
      }
    }
    if (metadata.leads()) {
      place(view);
      balance(view);
    }
  }

  private void vote(ClusterView view, LogMembers own) {
    List<ReplicaId> present =
        own.roster().voters().stream().map(it -> ReplicaId.parse(it.id())).toList();
    List<ReplicaId> next = Voters.next(view, present, replica -> reports.isAlive(replica, ALIVE));
    List<Peer> voters = new ArrayList<>();
    List<Peer> listeners = new ArrayList<>();
    for (ReplicaId voter : next) {
      reachable(view, voter, own).ifPresent(voters::add);
    }
    for (Member member : view.members()) {
      if (!next.contains(member.replica())) {
        reachable(view, member.replica(), own).ifPresent(listeners::add);
      }
    }
    follower.step(LogId.METADATA, own, voters, listeners);
  }

  private void follow(ClusterView view, PartitionReplicas partition, LogMembers members) {
    List<Peer> voters = new ArrayList<>();
    for (ReplicaId replica : partition.replicas()) {
      Optional<Peer> peer = peer(view, replica, members);
      boolean isNew = !isMember(members, replica);
      if (peer.isEmpty() || (isNew && !reports.isOpen(replica, partition.partition()))) {
        // It is not open yet, or lost its disk meanwhile; the next placement says so then.
        return;
      }
      voters.add(peer.get());
    }
    LogId log = LogId.partition(partition.partition());
    if (follower.step(log, members, voters, List.of()) && !partition.settled()) {
      propose(new ClusterCommand.Settle(partition.partition(), partition.version()));
    }
  }

  private static boolean isMember(LogMembers members, ReplicaId replica) {
    LogMembers.Roster now = members.roster();
    String id = replica.toString();
    return now.voters().stream().anyMatch(it -> it.id().equals(id))
        || now.listeners().stream().anyMatch(it -> it.id().equals(id));
  }

  /** As {@link #peer}; one that is new to the log must have said that it is there. */
  private Optional<Peer> reachable(ClusterView view, ReplicaId replica, LogMembers members) {
    return isMember(members, replica) || reports.isAlive(replica, ALIVE)
        ? peer(view, replica, members)
        : Optional.empty();
  }

  /** Where a replica is reached: as its log has it, or as the metadata has it. */
  private static Optional<Peer> peer(ClusterView view, ReplicaId replica, LogMembers members) {
    String id = replica.toString();
    LogMembers.Roster now = members.roster();
    for (List<Peer> group : List.of(now.voters(), now.listeners())) {
      for (Peer known : group) {
        if (known.id().equals(id)) {
          return Optional.of(known);
        }
      }
    }
    Member member = view.member(replica.node());
    return member == null || !member.replica().equals(replica)
        ? Optional.empty()
        : Optional.of(new Peer(id, member.addresses().raft().toString()));
  }

  private void place(ClusterView view) {
    ClusterCommand.Place next = Placement.next(view);
    if (next == null || membership.leaderHint(next.partition()) == null) {
      return;
    }
    PartitionReplicas now = view.replicasOf(next.partition());
    for (ReplicaId replica : next.replicas()) {
      boolean isNew = now != null && !now.replicas().contains(replica);
      if (isNew && !reports.isAlive(replica, ALIVE)) {
        return; // It would only be waited for.
      }
    }
    propose(next);
  }

  private void balance(ClusterView view) {
    LeaderBalance.Move move =
        patience.due(
            LeaderBalance.next(
                view, membership::leaderHint, replica -> reports.isAlive(replica, ALIVE)));
    if (move != null) {
      LOG.info("partition {} is to be led by {}", move.partition(), move.to());
      var unused = transfers.transfer(move);
    }
  }

  private void propose(ClusterCommand command) {
    if (!proposal.isDone()) {
      return;
    }
    proposal =
        metadata
            .propose(new ChangeCluster(command))
            .whenComplete(
                (result, problem) -> {
                  if (problem != null || result instanceof MetadataResult.Rejected) {
                    LOG.debug("{} was not done: {}", command, problem == null ? result : problem);
                  }
                });
  }

  /** Lets things settle: an imbalance must have lasted, and so must what was done about it. */
  private static final class Patience {
    private static final Duration LASTING = Duration.ofSeconds(15);

    private final LongSupplier nanos;
    private boolean waiting;
    private long since;

    Patience(LongSupplier nanos) {
      this.nanos = nanos;
    }

    LeaderBalance.@Nullable Move due(LeaderBalance.@Nullable Move move) {
      if (move == null) {
        waiting = false;
        return null;
      }
      long now = nanos.getAsLong();
      if (!waiting) {
        waiting = true;
        since = now;
      }
      if (now - since < LASTING.toNanos()) {
        return null;
      }
      waiting = false;
      return move;
    }
  }
}
