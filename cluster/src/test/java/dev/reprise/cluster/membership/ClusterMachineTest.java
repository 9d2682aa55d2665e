package dev.reprise.cluster.membership;

import static dev.reprise.cluster.membership.Clusters.newcomer;
import static dev.reprise.cluster.membership.Clusters.replica;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.membership.ClusterCommand.Found;
import dev.reprise.cluster.membership.ClusterCommand.Place;
import dev.reprise.cluster.membership.ClusterCommand.Remove;
import dev.reprise.cluster.membership.ClusterCommand.Replicate;
import dev.reprise.cluster.membership.ClusterCommand.Settle;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What may be written about a cluster, and what may not. */
class ClusterMachineTest {
  private final Clusters cluster = Clusters.founded(2);

  @Test
  void aClusterIsFoundedOnce() {
    ClusterView before = cluster.view();

    cluster.done(new Found("other", "f2", newcomer("n9", ""), 7, 1));

    assertThat(cluster.view()).isSameAs(before);
    assertThat(before.partitions()).hasSize(2).allMatch(PartitionReplicas::settled);
    assertThat(before.member(new NodeId(1))).extracting(Member::name).isEqualTo("n1");
  }

  @Test
  void nothingIsWrittenBeforeItIsFounded() {
    ClusterMachine.Step step = ClusterMachine.apply(ClusterView.NOTHING, new Replicate(1));

    assertThat(step.rejection()).contains("Expected a cluster");
    assertThat(step.view()).isSameAs(ClusterView.NOTHING);
  }

  @Test
  void aNodeThatComesBackEmptyIsTheNextGenerationOfItself() {
    cluster.joined("n2", "");
    cluster.joined("n2", "");

    Member back = Objects.requireNonNull(cluster.view().named("n2"));
    assertThat(back.id()).isEqualTo(new NodeId(2));
    assertThat(back.generation()).isEqualTo(2);
    cluster.joined("n3", "");
    assertThat(cluster.view().named("n3")).extracting(Member::id).isEqualTo(new NodeId(3));
  }

  @Test
  void oneChangeOfAPartitionAtATime() {
    cluster.joined("n2", "");
    cluster.done(new Place(0, 1, List.of(replica(1), replica(2))));

    assertThat(rejection(new Place(0, 2, List.of(replica(2))))).contains("settled");
    cluster.done(new Settle(0, 1));
    assertThat(cluster.view().partitions().getFirst().settled()).isFalse();
    cluster.done(new Settle(0, 2));
    assertThat(cluster.view().partitions().getFirst().settled()).isTrue();
    assertThat(rejection(new Place(0, 1, List.of(replica(2))))).contains("Expected version 1");
  }

  @Test
  void replicasAreOnMembersAsTheyAreNow() {
    cluster.joined("n2", "");
    cluster.joined("n2", "");

    assertThat(rejection(new Place(0, 1, List.of(replica(1), replica(2))))).contains("N2.1");
    assertThat(rejection(new Place(0, 1, List.of()))).contains("one replica or more");
    assertThat(rejection(new Place(0, 1, List.of(replica(1), replica(1))))).isNotNull();
  }

  @Test
  void aNodeIsRemovedOnceNothingIsOnIt() {
    cluster.joined("n2", "");
    assertThat(rejection(new Remove(new NodeId(1)))).contains("drain it first");
    cluster.draining(1);
    cluster.settledDown();

    cluster.done(new Remove(new NodeId(1)));

    assertThat(cluster.view().members()).hasSize(1);
    assertThat(rejection(new Remove(new NodeId(1)))).contains("Expected one of the nodes [N2]");
  }

  @Test
  void theLastActiveNodeIsNotDrained() {
    cluster.joined("n2", "");
    cluster.draining(1);

    assertThat(rejection(new ClusterCommand.Stand(new NodeId(2), Member.Standing.DRAINING)))
        .contains("the last one that is active");
  }

  @Test
  void theRulesRiseOnceEveryMemberKnowsThem() {
    cluster.joined("n2", "");
    cluster.joined("n3", "");
    assertThat(cluster.view().rules()).isEqualTo(1);

    // Rolled one after the other: the last one still runs the build before.
    cluster.done(new ClusterCommand.Know(replica(1), 2));
    cluster.done(new ClusterCommand.Know(replica(2), 3));
    assertThat(cluster.view().rules()).isEqualTo(1);
    cluster.done(new ClusterCommand.Know(replica(3), 2));

    assertThat(cluster.view().rules()).isEqualTo(2);
    long version = cluster.view().version();
    cluster.done(new ClusterCommand.Know(replica(3), 2));
    assertThat(cluster.view().version()).isEqualTo(version);
  }

  @Test
  void whoDoesNotKnowTheRulesIsNotLetIn() {
    cluster.done(new ClusterCommand.Know(replica(1), 2));

    assertThat(rejection(new ClusterCommand.Join(newcomer("n2", "", 1))))
        .contains("Expected a build that knows rules of version 2")
        .contains("n2 knows version 1 at most");
    assertThat(rejection(new ClusterCommand.Know(replica(1), 1))).contains("start a newer one");
    assertThat(rejection(new ClusterCommand.Know(replica(7), 2))).contains("N7.1 is none");
    cluster.done(new ClusterCommand.Join(newcomer("n2", "", 3)));
    assertThat(cluster.view().rules()).isEqualTo(2);
  }

  @Test
  void whoLeavesHoldsUpTheRulesNoLonger() {
    cluster.joined("n2", "");
    cluster.done(new ClusterCommand.Know(replica(2), 2));
    cluster.draining(1);
    cluster.settledDown();
    assertThat(cluster.view().rules()).isEqualTo(1);

    cluster.done(new Remove(new NodeId(1)));

    assertThat(cluster.view().rules()).isEqualTo(2);
  }

  private String rejection(ClusterCommand command) {
    ClusterMachine.Step step = ClusterMachine.apply(cluster.view(), command);
    assertThat(step.view()).isSameAs(cluster.view());
    assertThat(step.rejection()).isNotNull();
    return String.valueOf(step.rejection());
  }
}
