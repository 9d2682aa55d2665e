package dev.reprise.cluster.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reprise.cluster.log.RecordingReplica.Told;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What every log promises, told once and tried on each kind of log. */
public abstract class ReplicatedLogContract extends LogStories {
  private static final LogId OTHER = LogId.partition(2);

  @Test
  void entriesAreAppliedInTheOrderOfTheirProposalEachOnce() {
    Member leader = leader();
    List<String> entries = proposeMany(leader, "entry-", 200);

    awaitApplied(leader, 200);

    assertThat(leader.replica.texts()).isEqualTo(entries);
    assertThat(leader.replica.failedProposals()).isEmpty();
  }

  @Test
  void everyReplicaIsToldTheSameEntriesAtTheSamePositions() {
    proposeMany(leader(), "entry-", 100);

    awaitAppliedEverywhere(100);

    for (Member member : members) {
      assertSame(member.replica.told(), members[0].replica.told());
    }
  }

  @Test
  void aLargeEntryIsAppliedWholeBetweenItsNeighbours() {
    Member leader = leader();
    byte[] large = new byte[5 * 1024 * 1024 + 7];
    new Random(7).nextBytes(large);
    propose(leader, "before");
    propose(leader, large);
    propose(leader, "after");

    awaitAppliedEverywhere(3);

    for (Member member : members) {
      List<Told> told = member.replica.told();
      assertThat(told.get(0).text()).isEqualTo("before");
      assertThat(Arrays.equals(told.get(1).entry(), large)).isTrue();
      assertThat(told.get(2).text()).isEqualTo("after");
    }
  }

  @Test
  void anEntryOverTheLimitIsRefusedAtOnce() {
    Member leader = leader();
    ReplicatedLog log = log(leader);
    byte[] tooLarge = new byte[log.maxEntryBytes() + 1];

    assertThatThrownBy(() -> log.propose(term(leader), tooLarge))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Expected an entry of at most");
  }

  @Test
  void aReplicaThatForgotItsLastEntriesIsToldThemAgain() {
    proposeMany(leader(), "entry-", 30);
    awaitAppliedEverywhere(30);
    List<Told> before = members[0].replica.told();

    kill(0);
    start(0, members[0].replica.survivingWith(12));

    awaitApplied(members[0], 30);
    assertSame(members[0].replica.told(), before);
  }

  @Test
  void aReplicaThatForgotNothingIsToldNothingTwice() {
    proposeMany(leader(), "entry-", 30);
    awaitAppliedEverywhere(30);

    kill(0);
    start(0, members[0].replica.reopened());
    propose(leader(), "one more");

    awaitAppliedEverywhere(31);
    assertThat(members[0].replica.texts()).hasSize(31).endsWith("one more");
  }

  @Test
  void aForgottenLargeEntryIsToldAgainWhole() {
    byte[] large = new byte[3 * 1024 * 1024];
    new Random(8).nextBytes(large);
    propose(leader(), "before");
    propose(leader(), large);
    awaitAppliedEverywhere(2);

    kill(0);
    start(0, members[0].replica.survivingWith(1));

    awaitApplied(members[0], 2);
    assertThat(Arrays.equals(members[0].replica.told().get(1).entry(), large)).isTrue();
  }

  @Test
  void aFailingReplicaIsClosedAlone() {
    Member leader = leader();
    int node = nodeOf(leader);
    RecordingReplica other = new RecordingReplica(rig::changed);
    List<RecordingReplica> others = new ArrayList<>();
    List<ReplicatedLog> otherLogs = new ArrayList<>();
    for (int each = 0; each < members.length; each++) {
      others.add(each == node ? other : new RecordingReplica(rig::changed));
      otherLogs.add(rig.open(each, OTHER, others.getLast()));
    }
    leader.replica.failingAt("poison");

    propose(leader, "healthy");
    propose(leader, "poison");
    propose(leader, "never told here");

    rig.await("the replica fails", () -> leader.replica.failure() != null);
    assertThat(leader.replica.texts()).isEqualTo(List.of("healthy"));
    rig.await("the other log has a leader", () -> leaderOf(others) >= 0);
    int leads = leaderOf(others);
    RecordingReplica otherLeader = others.get(leads);
    otherLogs.get(leads).propose(otherLeader.leading().orElseThrow(), bytes("elsewhere"));
    rig.await("the other log goes on", () -> other.texts().equals(List.of("elsewhere")));
  }

  @Test
  void aReplicaThatFailedGoesOnOnceItIsOpenedAgain() {
    Member leader = leader();
    int node = nodeOf(leader);
    leader.replica.failingAt("poison");
    propose(leader, "healthy");
    propose(leader, "poison");
    rig.await("the replica fails", () -> leader.replica.failure() != null);

    log(leader).close();
    leader.replica = leader.replica.survivingWith(1);
    open(node);

    awaitAppliedEverywhere(2);
    assertThat(leader.replica.texts()).isEqualTo(List.of("healthy", "poison"));
  }

  @Test
  void aProposalOfAnOldTermFailsAndIsNeverApplied() {
    Member first = leader();
    long old = term(first);
    propose(first, "of the first term");
    awaitAppliedEverywhere(1);
    int node = nodeOf(first);
    kill(node);
    start(node, first.replica.reopened());
    Member second = leader();
    assertThat(term(second)).isGreaterThan(old);

    log(second).propose(old, bytes("too late"));
    rig.await("it fails", () -> second.replica.failedProposals().contains(old));
    propose(second, "of the second term");

    awaitAppliedEverywhere(2);
    for (Member member : members) {
      assertThat(member.replica.texts())
          .isEqualTo(List.of("of the first term", "of the second term"));
    }
  }

  @Test
  void whenTheLeaderDiesAnotherOneLeadsWithAllThatWasApplied() {
    assumeTrue(nodes() >= 3, "nobody else could lead");
    Member dead = leader();
    int node = nodeOf(dead);
    long old = term(dead);
    proposeMany(dead, "before-", 20);
    awaitApplied(dead, 20);

    kill(node);
    Member next = leader();
    proposeMany(next, "after-", 20);
    awaitApplied(next, 40);

    assertThat(term(next)).isGreaterThan(old);
    assertSame(next.replica.told().subList(0, 20), dead.replica.told());
    start(node, dead.replica.reopened());
    awaitAppliedEverywhere(40);
    assertSame(dead.replica.told(), next.replica.told());
  }

  @Test
  void leadershipIsHandedOverOnRequest() {
    assumeTrue(nodes() >= 3, "nobody else could lead");
    Member first = leader();
    long old = term(first);
    propose(first, "before");
    awaitAppliedEverywhere(1);

    CompletableFuture<Boolean> done = log(first).stepDown();

    rig.await("it is handed over", done::isDone);
    assertThat(done.join()).isTrue();
    rig.await(
        "another one leads",
        () -> {
          Member found = findLeader();
          return found != null && found != first && term(found) > old;
        });
    propose(leader(), "after");
    awaitAppliedEverywhere(2);
    assertThat(first.replica.texts()).isEqualTo(List.of("before", "after"));
  }

  @Test
  void aloneLeadershipCannotBeHandedOver() {
    assumeTrue(nodes() == 1, "somebody else could lead");
    CompletableFuture<Boolean> done = log(leader()).stepDown();

    rig.await("it is refused", done::isDone);
    assertThat(done.join()).isFalse();
  }

  @Test
  void onceAReplicaIsReadyToLeadAllOfEarlierTermsIsApplied() {
    proposeMany(leader(), "entry-", 50);
    awaitAppliedEverywhere(50);
    for (int node = 0; node < members.length; node++) {
      kill(node);
    }
    for (int node = 0; node < members.length; node++) {
      start(node, members[node].replica.survivingWith(5));
    }

    Member leader = leader();

    assertThat(leader.replica.texts()).hasSize(50);
  }

  @Test
  void aClosedLogRefusesProposals() {
    Member leader = leader();
    long term = term(leader);
    ReplicatedLog log = log(leader);

    log.close();
    log.propose(term, bytes("too late"));

    rig.await("it fails", () -> leader.replica.failedProposals().contains(term));
    assertThat(leader.replica.texts()).isEmpty();
  }
}
