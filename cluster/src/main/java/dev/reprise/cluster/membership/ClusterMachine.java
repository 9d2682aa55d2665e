package dev.reprise.cluster.membership;

import dev.reprise.cluster.membership.ClusterCommand.Found;
import dev.reprise.cluster.membership.ClusterCommand.Join;
import dev.reprise.cluster.membership.ClusterCommand.Know;
import dev.reprise.cluster.membership.ClusterCommand.Newcomer;
import dev.reprise.cluster.membership.ClusterCommand.Place;
import dev.reprise.cluster.membership.ClusterCommand.Remove;
import dev.reprise.cluster.membership.ClusterCommand.Replicate;
import dev.reprise.cluster.membership.ClusterCommand.Settle;
import dev.reprise.cluster.membership.ClusterCommand.Stand;
import dev.reprise.cluster.membership.Member.Standing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the cluster's description: a command and a view go in, the next view comes out.
 * Pure, so that every replica reaches the same.
 */
public final class ClusterMachine {
  private static final int MOST_MEMBERS = 100;
  private static final int MOST_REPLICAS = 7;

  private ClusterMachine() {}

  /**
   * What a command did.
   *
   * @param view the next one; the same object when nothing changed
   * @param rejection why nothing changed, when a rule forbids it; null otherwise
   */
  public record Step(ClusterView view, @Nullable String rejection) {}

  /** Applies the command. */
  public static Step apply(ClusterView view, ClusterCommand command) {
    if (!(command instanceof Found) && !view.isFounded()) {
      return rejected(view, "Expected a cluster, but it has not been founded yet");
    }
    return switch (command) {
      case Found found -> found(view, found);
      case Join join -> join(view, join.newcomer());
      case Stand stand -> stand(view, stand);
      case Remove remove -> remove(view, remove.node());
      case Place place -> place(view, place);
      case Settle settle -> settle(view, settle);
      case Replicate replicate -> replicate(view, replicate.replication());
      case Know know -> know(view, know);
    };
  }

  private static Step found(ClusterView view, Found found) {
    if (view.isFounded()) {
      return new Step(view, null);
    }
    Member first = member(new NodeId(1), 1, found.first(), Standing.ACTIVE);
    List<PartitionReplicas> partitions = new ArrayList<>();
    for (int number = 0; number < found.partitions(); number++) {
      partitions.add(new PartitionReplicas(number, 1, List.of(first.replica()), true));
    }
    return new Step(
        new ClusterView(
            1,
            found.name(),
            found.fingerprint(),
            2,
            found.replication(),
            first.rules(),
            List.of(first),
            partitions),
        null);
  }

  private static Step join(ClusterView view, Newcomer newcomer) {
    if (newcomer.rules() < view.rules()) {
      return tooOld(view, newcomer.name(), newcomer.rules());
    }
    Member known = view.named(newcomer.name());
    List<Member> members = new ArrayList<>(view.members());
    if (known != null) {
      members.remove(known);
      members.add(member(known.id(), known.generation() + 1, newcomer, known.standing()));
      return new Step(with(view, view.nextNode(), members, view.partitions()), null);
    }
    if (members.size() >= MOST_MEMBERS) {
      return rejected(
          view, "Expected at most " + MOST_MEMBERS + " nodes, but this would be one more");
    }
    members.add(member(new NodeId(view.nextNode()), 1, newcomer, Standing.ACTIVE));
    return new Step(with(view, view.nextNode() + 1, members, view.partitions()), null);
  }

  private static Member member(NodeId id, int generation, Newcomer from, Standing standing) {
    return new Member(
        id, generation, from.name(), from.zone(), standing, from.addresses(), from.rules());
  }

  private static Step stand(ClusterView view, Stand stand) {
    Member member = view.member(stand.node());
    if (member == null) {
      return unknown(view, stand.node());
    }
    if (member.standing() == stand.standing()) {
      return new Step(view, null);
    }
    if (stand.standing() == Standing.DRAINING
        && view.members().stream().noneMatch(it -> it.isActive() && !it.id().equals(member.id()))) {
      return rejected(
          view,
          "Expected another node that can take what "
              + member.id()
              + " has, but it is the last one that is active");
    }
    List<Member> members = new ArrayList<>(view.members());
    members.remove(member);
    members.add(member.standing(stand.standing()));
    return new Step(with(view, view.nextNode(), members, view.partitions()), null);
  }

  private static Step remove(ClusterView view, NodeId node) {
    Member member = view.member(node);
    if (member == null) {
      return unknown(view, node);
    }
    for (PartitionReplicas partition : view.partitions()) {
      if (partition.isOn(node) || !partition.settled()) {
        return rejected(
            view,
            "Expected "
                + node
                + " to have no replica, but partition "
                + partition.partition()
                + (partition.isOn(node) ? " has one there" : " is still being moved")
                + "; drain it first, and wait until it is done");
      }
    }
    List<Member> members = new ArrayList<>(view.members());
    members.remove(member);
    return new Step(with(view, view.nextNode(), members, view.partitions()), null);
  }

  private static Step place(ClusterView view, Place place) {
    PartitionReplicas now = view.replicasOf(place.partition());
    if (now == null || now.version() != place.version() || !now.settled()) {
      return rejected(
          view,
          "Expected version "
              + place.version()
              + " of partition "
              + place.partition()
              + ", settled, but it is "
              + now);
    }
    for (ReplicaId replica : place.replicas()) {
      Member member = view.member(replica.node());
      // One that stays may be of a lost disk: others are put right first.
      boolean stays = now.replicas().contains(replica);
      if (!stays && (member == null || !member.replica().equals(replica))) {
        return rejected(view, "Expected replicas on members, but " + replica + " is not on one");
      }
    }
    long nodes = place.replicas().stream().map(ReplicaId::node).distinct().count();
    if (nodes == 0 || nodes != place.replicas().size()) {
      return rejected(
          view, "Expected one replica or more, each on a node of its own, but got " + place);
    }
    return changed(
        view, new PartitionReplicas(now.partition(), now.version() + 1, place.replicas(), false));
  }

  private static Step settle(ClusterView view, Settle settle) {
    PartitionReplicas now = view.replicasOf(settle.partition());
    if (now == null || now.version() != settle.version() || now.settled()) {
      return new Step(view, null);
    }
    return changed(
        view, new PartitionReplicas(now.partition(), now.version(), now.replicas(), true));
  }

  private static Step changed(ClusterView view, PartitionReplicas partition) {
    List<PartitionReplicas> partitions = new ArrayList<>(view.partitions());
    partitions.set(partition.partition(), partition);
    return new Step(with(view, view.nextNode(), view.members(), partitions), null);
  }

  private static Step replicate(ClusterView view, int replication) {
    if (replication < 0 || replication > MOST_REPLICAS) {
      return rejected(
          view,
          "Expected from 1 to "
              + MOST_REPLICAS
              + " copies, or 0 for the default, but got "
              + replication);
    }
    if (replication == view.replication()) {
      return new Step(view, null);
    }
    return new Step(
        new ClusterView(
            view.version() + 1,
            view.name(),
            view.fingerprint(),
            view.nextNode(),
            replication,
            view.rules(),
            view.members(),
            view.partitions()),
        null);
  }

  private static ClusterView with(
      ClusterView view, int nextNode, List<Member> members, List<PartitionReplicas> partitions) {
    return new ClusterView(
        view.version() + 1,
        view.name(),
        view.fingerprint(),
        nextNode,
        view.replication(),
        rules(view, members),
        members,
        partitions);
  }

  /** As high as every member knows; never lower than it was. */
  private static int rules(ClusterView view, List<Member> members) {
    return Math.max(
        view.rules(), members.stream().mapToInt(Member::rules).min().orElse(view.rules()));
  }

  private static Step know(ClusterView view, Know know) {
    Member member = view.member(know.replica().node());
    if (member == null || !member.replica().equals(know.replica())) {
      return rejected(view, "Expected a member, but " + know.replica() + " is none any more");
    }
    if (know.rules() < view.rules()) {
      return tooOld(view, member.name(), know.rules());
    }
    if (know.rules() == member.rules()) {
      return new Step(view, null);
    }
    List<Member> members = new ArrayList<>(view.members());
    members.remove(member);
    members.add(member.knowing(know.rules()));
    return new Step(with(view, view.nextNode(), members, view.partitions()), null);
  }

  private static Step tooOld(ClusterView view, String name, int knows) {
    return rejected(
        view,
        "Expected a build that knows rules of version "
            + view.rules()
            + ", which this cluster follows, but that of "
            + name
            + " knows version "
            + knows
            + " at most; start a newer one there");
  }

  private static Step unknown(ClusterView view, NodeId node) {
    return rejected(
        view,
        "Expected one of the nodes "
            + view.members().stream().map(Member::id).toList()
            + ", but got "
            + node);
  }

  private static Step rejected(ClusterView view, String why) {
    return new Step(view, why);
  }
}
