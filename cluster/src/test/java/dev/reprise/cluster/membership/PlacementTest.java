package dev.reprise.cluster.membership;

import static dev.reprise.cluster.membership.Clusters.replica;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.membership.ClusterCommand.Place;
import dev.reprise.cluster.membership.ClusterCommand.Replicate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Where replicas and leaders are to be, and who votes. */
class PlacementTest {
  private final Clusters cluster = Clusters.founded(2);

  @Test
  void aClusterGrowsToThreeCopiesOneByOne() {
    assertThat(Placement.next(cluster.view())).isNull();
    cluster.joined("n2", "");
    cluster.joined("n3", "");

    assertThat(Placement.next(cluster.view()))
        .isEqualTo(new Place(0, 1, List.of(replica(1), replica(2))));
    assertThat(cluster.settledDown()).isEqualTo(4);

    assertThat(cluster.view().partitions())
        .allMatch(it -> it.replicas().equals(List.of(replica(1), replica(2), replica(3))));
  }

  @Test
  void copiesAreInDifferentZonesWhereThereAreSome() {
    cluster.joined("n2", "z1");
    cluster.joined("n3", "z2");
    cluster.joined("n4", "z2");
    cluster.joined("n5", "z3");
    cluster.settledDown();

    for (PartitionReplicas partition : cluster.view().partitions()) {
      assertThat(partition.replicas().stream().map(it -> zone(it.node())).distinct()).hasSize(3);
    }
  }

  @Test
  void aNodeWithoutItsDiskIsReplacedByItsNextGenerationInOneStep() {
    cluster.joined("n2", "");
    cluster.joined("n3", "");
    cluster.settledDown();
    cluster.joined("n2", "");

    assertThat(Placement.next(cluster.view()))
        .isEqualTo(
            new Place(0, 3, List.of(replica(1), replica(3), new ReplicaId(new NodeId(2), 2))));
  }

  @Test
  void aDrainedNodeIsReplacedWhereThereIsAnother() {
    cluster.joined("n2", "");
    cluster.joined("n3", "");
    cluster.settledDown();
    cluster.joined("n4", "");
    cluster.draining(2);
    cluster.settledDown();

    assertThat(cluster.view().partitions())
        .allMatch(it -> it.replicas().equals(List.of(replica(1), replica(3), replica(4))));
  }

  @Test
  void fewerCopiesAreKeptWhereThereIsNone() {
    cluster.joined("n2", "");
    cluster.joined("n3", "");
    cluster.settledDown();
    cluster.draining(1);
    cluster.settledDown();

    assertThat(cluster.view().partitions())
        .allMatch(it -> it.replicas().equals(List.of(replica(2), replica(3))));
  }

  @Test
  void fewerOrMoreCopiesAreMadeOnDemand() {
    cluster.joined("n2", "");
    cluster.joined("n3", "");
    cluster.settledDown();

    cluster.done(new Replicate(1));
    cluster.settledDown();
    assertThat(cluster.view().partitions()).allMatch(it -> it.replicas().size() == 1);

    cluster.done(new Replicate(2));
    cluster.settledDown();
    assertThat(cluster.view().partitions()).allMatch(it -> it.replicas().size() == 2);
  }

  @RepeatedTest(50)
  void whateverHappensItSettlesWithEnoughCopiesSpreadEvenly() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    Clusters any = Clusters.founded(random.nextInt(1, 9), "");
    for (int step = 0; step < 20; step++) {
      int members = any.view().members().size();
      switch (random.nextInt(3)) {
        case 0 -> any.joined("n" + (members + 1), "");
        case 1 -> any.joined("n" + random.nextInt(1, members + 1), "");
        default -> drainOrTakeBack(any, random);
      }
      if (random.nextBoolean()) {
        any.settledDown();
      }
    }
    any.settledDown();

    ClusterView end = any.view();
    Map<NodeId, Integer> loads = new HashMap<>();
    end.members().stream().filter(Member::isActive).forEach(it -> loads.put(it.id(), 0));
    for (PartitionReplicas partition : end.partitions()) {
      assertThat(partition.replicas()).as("seed %d", seed).hasSize(Placement.wanted(end));
      for (ReplicaId replica : partition.replicas()) {
        assertThat(end.member(replica.node())).as("seed %d", seed).isNotNull();
        assertThat(loads).as("seed %d", seed).containsKey(replica.node());
        loads.merge(replica.node(), 1, Integer::sum);
      }
    }
    List<Integer> sorted = loads.values().stream().sorted().toList();
    assertThat(sorted.getLast() - sorted.getFirst()).as("seed %d", seed).isLessThan(2);
  }

  private static void drainOrTakeBack(Clusters any, SplittableRandom random) {
    List<Member> active = any.view().members().stream().filter(Member::isActive).toList();
    List<Member> draining = any.view().members().stream().filter(it -> !it.isActive()).toList();
    if (!draining.isEmpty() && random.nextBoolean()) {
      any.done(new ClusterCommand.Stand(draining.getFirst().id(), Member.Standing.ACTIVE));
    } else if (active.size() > 1) {
      any.draining(active.get(random.nextInt(active.size())).id().number());
    }
  }

  @Test
  void votersGrowToThreeAndToFiveInALargeCluster() {
    List<ReplicaId> voters = List.of(replica(1));
    for (int node = 2; node <= 6; node++) {
      cluster.joined("n" + node, "");
    }
    List<Integer> sizes = new ArrayList<>();
    for (int step = 0; step < 6; step++) {
      sizes.add(voters.size());
      voters = Voters.next(cluster.view(), voters, it -> true);
    }

    assertThat(sizes).containsExactly(1, 2, 3, 4, 5, 5);
  }

  @Test
  void aVoterThatGoesIsReplacedByOneThatLives() {
    for (int node = 2; node <= 4; node++) {
      cluster.joined("n" + node, "");
    }
    List<ReplicaId> three = List.of(replica(1), replica(2), replica(3));
    assertThat(Voters.next(cluster.view(), three, it -> true)).isEqualTo(three);
    cluster.draining(2);

    assertThat(Voters.next(cluster.view(), three, it -> true))
        .containsExactly(replica(1), replica(3), replica(4));
    assertThat(Voters.next(cluster.view(), three, it -> !it.equals(replica(4))))
        .containsExactly(replica(1), replica(3));
  }

  @Test
  void leadersSpreadOverTheNodesAndThenStay() {
    cluster.joined("n2", "");
    cluster.joined("n3", "");
    cluster.settledDown();
    NodeId one = new NodeId(1);

    LeaderBalance.Move move = LeaderBalance.next(cluster.view(), it -> one, it -> true);

    assertThat(move).isEqualTo(new LeaderBalance.Move(0, one, new NodeId(2)));
    assertThat(LeaderBalance.next(cluster.view(), it -> it == 0 ? new NodeId(2) : one, it -> true))
        .isNull();
    assertThat(LeaderBalance.next(cluster.view(), it -> null, it -> true)).isNull();
    assertThat(LeaderBalance.next(cluster.view(), it -> one, it -> false)).isNull();
  }

  private String zone(NodeId node) {
    Member member = cluster.view().member(node);
    return member == null ? "" : member.zone();
  }
}
