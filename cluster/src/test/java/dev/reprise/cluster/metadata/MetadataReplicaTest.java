package dev.reprise.cluster.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.ClusterCommand;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.metadata.MetadataCommand.ChangeCluster;
import dev.reprise.cluster.metadata.MetadataCommand.RegisterDeployment;
import dev.reprise.cluster.metadata.MetadataResult.Created;
import dev.reprise.cluster.metadata.MetadataResult.Existing;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.model.LimitPattern;
import dev.reprise.storage.model.LimitRule;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetadataReplicaTest {
  private final MemoryStore store = new MemoryStore();
  private final Proposals log = new Proposals();
  private MetadataReplica replica = opened();
  private long index;

  @Test
  void aRegistrationIsAnsweredWhenItIsApplied() throws Exception {
    replica.leaderReady(1);

    CompletableFuture<MetadataResult> answer = replica.propose(greeter());
    assertThat(answer).isNotDone();
    commit();

    assertThat(answer.get(5, TimeUnit.SECONDS)).isInstanceOf(Created.class);
    assertThat(replica.registry().services()).containsOnlyKeys("Greeter");
    assertThat(replica.applied()).isEqualTo(new LogPosition(1, 1));
  }

  @Test
  void whatWasAppliedIsThereAfterARestart() throws Exception {
    replica.leaderReady(1);
    CompletableFuture<MetadataResult> unused = replica.propose(greeter());
    commit();
    Registry before = replica.registry();

    replica = opened();

    assertThat(replica.registry()).isEqualTo(before);
    assertThat(replica.applied()).isEqualTo(new LogPosition(1, 1));
    replica.leaderReady(2);
    CompletableFuture<MetadataResult> again = replica.propose(greeter());
    commit();
    assertThat(again.get(5, TimeUnit.SECONDS)).isInstanceOf(Existing.class);
  }

  @Test
  void rulesForLimitsAreThereAfterARestartAndWhoeverWatchesIsToldBeforeWhoeverAsked() {
    List<Long> told = new ArrayList<>();
    replica.watchRules(rules -> told.add(rules.version()));
    replica.leaderReady(1);
    CompletableFuture<MetadataResult> answer =
        replica.propose(
            new MetadataCommand.PutRules(
                List.of(
                    new MetadataCommand.RuleDraft(
                        new LimitRule(LimitPattern.parse("t/*"), 3),
                        "d",
                        false,
                        new MetadataCommand.Expectation.Absent())),
                5));
    var unused = answer.thenAccept(result -> told.add(-1L));
    commit();
    CompletableFuture<MetadataResult> other = replica.propose(greeter());
    commit();
    Registry before = replica.registry();

    replica = opened();
    replica.watchRules(rules -> told.add(rules.version()));

    assertThat(other).isDone();
    assertThat(told).containsExactly(0L, 1L, -1L, 1L);
    assertThat(replica.registry()).isEqualTo(before);
    assertThat(replica.registry().rules().inForce().rules())
        .containsExactly(new LimitRule(LimitPattern.parse("t/*"), 3));
  }

  @Test
  void onlyALeaderProposes() {
    assertThat(replica.propose(greeter())).isCompletedExceptionally();
    replica.leaderReady(1);
    replica.leadershipLost();
    CompletableFuture<MetadataResult> answer = replica.propose(greeter());

    assertThat(log.entries).isEmpty();
    assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(MetadataUnavailableException.class);
  }

  @Test
  void whoeverWaitsIsToldWhenLeadershipIsLost() {
    replica.leaderReady(1);
    CompletableFuture<MetadataResult> answer = replica.propose(greeter());

    replica.leadershipLost();

    assertThat(answer).isCompletedExceptionally();
    commit();
    assertThat(replica.registry().services()).containsKey("Greeter");
  }

  @Test
  void aFailedProposalDoesNotEndTheTerm() throws Exception {
    replica.leaderReady(1);
    CompletableFuture<MetadataResult> lost = replica.propose(greeter());
    replica.proposalFailed(1, new IllegalStateException("no quorum"));
    log.entries.clear();
    assertThat(lost).isCompletedExceptionally();

    CompletableFuture<MetadataResult> next = replica.propose(greeter());
    commit();

    assertThat(next.get(5, TimeUnit.SECONDS)).isInstanceOf(Created.class);
  }

  @Test
  void aManifestLargerThanAnEntryIsRefused() throws Exception {
    replica.leaderReady(1);
    log.maxEntryBytes = 10;

    assertThat(replica.propose(greeter()).get(5, TimeUnit.SECONDS)).isInstanceOf(Rejected.class);
    assertThat(log.entries).isEmpty();
  }

  @Test
  void onlyAFlushMakesAPositionSurvive() {
    replica.leaderReady(1);
    CompletableFuture<MetadataResult> unused = replica.propose(greeter());
    commit();
    assertThat(replica.flushed()).isEqualTo(LogPosition.NOTHING);

    replica.flush();
    assertThat(replica.flushed()).isEqualTo(new LogPosition(1, 1));

    replica.advanced(new LogPosition(2, 5));
    replica.flush();
    assertThat(opened().applied()).isEqualTo(new LogPosition(2, 5));
  }

  @Test
  void whatAFollowerProposesGoesToTheLeaderAndIsAnsweredHere() throws Exception {
    replica.connect(
        entry -> {
          log.entries.add(entry);
          return CompletableFuture.completedFuture(null);
        },
        () -> {});

    CompletableFuture<MetadataResult> answer = replica.propose(greeter());
    assertThat(answer).isNotDone();
    commit();

    assertThat(answer.get(5, TimeUnit.SECONDS)).isInstanceOf(Created.class);
  }

  @Test
  void theClusterIsShownAndThereAfterARestart() throws Exception {
    List<Long> told = new ArrayList<>();
    replica.connect(Forwarder.NOBODY, () -> told.add(replica.cluster().version()));
    replica.leaderReady(1);
    assertThat(replica.cluster()).isEqualTo(ClusterView.NOTHING);

    CompletableFuture<MetadataResult> founded = replica.propose(found());
    commit();

    assertThat(founded.get(5, TimeUnit.SECONDS)).isInstanceOf(MetadataResult.Described.class);
    assertThat(told).containsExactly(1L);
    assertThat(opened().cluster()).isEqualTo(replica.cluster());
    assertThat(opened().applied()).isEqualTo(new LogPosition(1, 1));
    CompletableFuture<MetadataResult> again = replica.propose(found());
    commit();
    assertThat(again.get(5, TimeUnit.SECONDS)).isInstanceOf(MetadataResult.Described.class);
    assertThat(told).containsExactly(1L);
  }

  private static ChangeCluster found() {
    Address at = new Address("n1", 5122);
    return new ChangeCluster(
        new ClusterCommand.Found(
            "demo",
            "f1",
            new ClusterCommand.Newcomer("n1", "", new Member.Addresses(at, at, at)),
            2,
            0));
  }

  private MetadataReplica opened() {
    MetadataReplica opened = new MetadataReplica(store, new SplittableRandom(7));
    opened.connect(log);
    return opened;
  }

  private static RegisterDeployment greeter() {
    return new RegisterDeployment(
        Samples.deployment("dp_a", "http://one/", Samples.service("Greeter", ServiceKind.SERVICE)),
        false,
        false);
  }

  private void commit() {
    for (byte[] entry : log.entries) {
      replica.apply(new LogPosition(1, ++index), entry);
    }
    log.entries.clear();
  }

  /** A log that keeps what is proposed until the test commits it. */
  private static final class Proposals implements ReplicatedLog {
    private final List<byte[]> entries = new ArrayList<>();
    private int maxEntryBytes = 1 << 20;

    @Override
    public void propose(long term, byte[] entry) {
      entries.add(entry);
    }

    @Override
    public int maxEntryBytes() {
      return maxEntryBytes;
    }

    @Override
    public CompletableFuture<Boolean> stepDown() {
      return CompletableFuture.completedFuture(false);
    }

    @Override
    public void close() {}
  }
}
