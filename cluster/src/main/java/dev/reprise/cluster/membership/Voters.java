package dev.reprise.cluster.membership;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Chooses who votes in the metadata group: up to three nodes of a cluster of up to four, five of a
 * larger one; all others listen. Voters stay voters as long as they can. Pure.
 */
public final class Voters {
  private static final int FEW = 3;
  private static final int MANY = 5;

  private Voters() {}

  /**
   * Who is to vote next. At most one voter comes and one goes at a time, so that a majority of the
   * present ones stays.
   *
   * @param present who votes now
   * @param view has at least one member
   * @param alive whether a node could begin to vote
   */
  public static List<ReplicaId> next(
      ClusterView view, List<ReplicaId> present, Predicate<ReplicaId> alive) {
    List<Member> active = view.members().stream().filter(Member::isActive).toList();
    int wanted = Math.max(1, Math.min(active.size(), active.size() > MANY - 1 ? MANY : FEW));
    List<ReplicaId> voters = new ArrayList<>();
    List<ReplicaId> going = new ArrayList<>();
    for (ReplicaId voter : present) {
      Member member = view.member(voter.node());
      boolean stays = member != null && member.isActive() && member.replica().equals(voter);
      (stays ? voters : going).add(voter);
    }
    while (voters.size() > wanted) {
      going.add(voters.removeLast());
    }
    // One that goes is replaced at the same time; the others that go have their turn later.
    if (voters.size() < wanted) {
      candidate(
              view,
              active.stream().filter(it -> alive.test(it.replica())).toList(),
              voters,
              present)
          .ifPresent(it -> voters.add(it.replica()));
    }
    going.stream().skip(1).forEach(voters::add);
    return voters.stream().sorted().toList();
  }

  /** One that does not vote yet: rather one that lost its disk and voted before, and a new zone. */
  private static Optional<Member> candidate(
      ClusterView view, List<Member> active, List<ReplicaId> voters, List<ReplicaId> present) {
    Set<String> zones = new HashSet<>();
    for (ReplicaId voter : voters) {
      Member member = view.member(voter.node());
      if (member != null) {
        zones.add(member.zone());
      }
    }
    return active.stream()
        .filter(it -> !voters.contains(it.replica()))
        .min(
            Comparator.comparing(
                    (Member it) ->
                        present.stream().noneMatch(voter -> voter.node().equals(it.id())))
                .thenComparing(it -> zones.contains(it.zone()))
                .thenComparing(Member::id));
  }
}
