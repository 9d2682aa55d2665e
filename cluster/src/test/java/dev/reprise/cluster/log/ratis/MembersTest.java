package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.LogMembers.Peer;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.log.ratis.transport.Listeners;
import dev.reprise.cluster.log.ratis.transport.ListenersVote;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node begins a log; others come, lead and go. */
class MembersTest {
  private static final LogId LOG = LogId.partition(0);

  @TempDir Path directory;
  private RatisRig rig;
  private final List<RecordingReplica> replicas = new ArrayList<>();
  private final List<ReplicatedLog> logs = new ArrayList<>();

  @BeforeEach
  void begin() {
    rig = RatisRig.strangers(directory, 3);
    for (int node = 0; node < 3; node++) {
      RecordingReplica replica = new RecordingReplica(rig::changed);
      replicas.add(replica);
      logs.add(node == 0 ? rig.node(0).open(LOG, replica) : rig.node(node).join(LOG, replica));
    }
    rig.await("the first leads", () -> replicas.getFirst().leading().isPresent());
  }

  @AfterEach
  void end() {
    rig.close();
  }

  @Test
  void nodesJoinOneByOneAndHaveEverything() throws Exception {
    propose(0, "before");

    become(0, voters(0, 1), List.of());
    become(0, voters(0, 1, 2), List.of());
    propose(0, "after");

    rig.await("all have both", () -> replicas.stream().allMatch(it -> it.told().size() == 2));
    assertThat(members(2).roster().voters()).containsExactlyInAnyOrderElementsOf(voters(0, 1, 2));
  }

  @Test
  void whoListensFollowsAndDoesNotCount() throws Exception {
    become(0, voters(0), voters(1));
    propose(0, "heard");
    rig.await("the listener has it", () -> replicas.get(1).told().size() == 1);

    rig.kill(1);
    propose(0, "alone");

    rig.await("one voter is enough", () -> replicas.getFirst().told().size() == 2);
  }

  @Test
  void aListenerBecomesAVoterAndLeads() throws Exception {
    become(0, voters(0), voters(1));
    become(0, voters(0, 1), List.of());

    assertThat(members(0).transfer("n2").get(30, TimeUnit.SECONDS)).isTrue();

    rig.await("the second leads", () -> replicas.get(1).leading().isPresent());
    propose(1, "from the second");
    rig.await("the first follows", () -> replicas.getFirst().told().size() == 1);
    assertThat(members(0).leader()).isEqualTo("n2");
  }

  /**
   * Ratis makes it a voter with a lock held, and waits with it for a thread that now and then asks
   * for that lock: that thread must not be there any more. {@code DoormanTest} tells when.
   */
  @Test
  void whatAListenerWatchesWithIsEndedAndItBecomesAVoter() throws Exception {
    RaftServer.Division listener = ((RatisLog) logs.get(1)).division();
    Thread watching = watching(listener);

    Listeners.prepare(listener);

    assertThat(watching.isAlive()).isFalse();
    become(0, voters(0, 1), List.of());
    assertThat(watching(listener)).isNotSameAs(watching);
  }

  /**
   * From one voter to two, the first needs the second's word as soon as the change is in its own
   * log. If it loses the lead then, the second has to vote before it knows that it is a voter.
   */
  @Test
  void aLeaderThatIsDeposedWhileTheSecondVoterComesLeadsAgain() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    CodeInjectionForTesting.put(
        "RaftServerImpl.appendEntries", (self, leader, args) -> isLate(heard, self, args));
    try {
      CompletableFuture<Void> change = members(0).change(voters(0, 1), List.of());
      rig.await("the first is deposed", () -> replicas.getFirst().leading().isEmpty());
      RaftServer.Division first = ((RatisLog) logs.getFirst()).division();
      rig.await("the first is elected again", () -> first.getInfo().isLeader());
      heard.countDown();
      change.exceptionally(deposed -> null).get(30, TimeUnit.SECONDS);
      rig.await("it leads", () -> replicas.getFirst().leading().isPresent());
      propose(0, "afterwards");
      rig.await("the second has it", () -> replicas.get(1).told().size() == 1);
      assertThat(members(0).transfer("n2").get(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      heard.countDown();
      CodeInjectionForTesting.remove("RaftServerImpl.appendEntries");
    }
  }

  /** Keeps the news that there are two voters from the second. */
  private static boolean isLate(CountDownLatch heard, Object self, Object... args) {
    boolean news =
        self.toString().equals("n2")
            && ((AppendEntriesRequestProto) args[1])
                .getEntriesList().stream()
                    .anyMatch(it -> it.getConfigurationEntry().getPeersCount() == 2);
    try {
      return news && heard.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Thread watching(RaftServer.Division division) {
    String name = division.getMemberId() + "-FollowerState";
    return Thread.getAllStackTraces().keySet().stream()
        .filter(it -> it.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aMemberGoesAndItsFilesToo() throws Exception {
    become(0, voters(0, 1), List.of());
    become(0, voters(0, 1, 2), List.of());

    become(0, voters(0, 1), List.of());

    logs.get(2).close();
    rig.node(2).delete(LOG);
    assertThat(directory.resolve("n3").resolve(RatisNode.groupOf(LOG).getUuid().toString()))
        .doesNotExist();
    propose(0, "without it");
    rig.await("the others go on", () -> replicas.get(1).told().size() == 1);
  }

  @Test
  void whoStandsForElectionAndIsNoMemberIsToldThatItsLogIsClosed() throws Exception {
    become(0, voters(0, 1), List.of());
    become(0, voters(0, 1, 2), List.of());
    become(0, voters(0, 1), List.of());

    // Ratis closes it without a word; whoever keeps it must know, to open it again or to let it go.
    rig.await("it is told", () -> replicas.get(2).failure() != null);

    assertThat(replicas.get(2).failure()).hasMessageContaining("Expected to be a member of log");
  }

  @Test
  void aListenerThatIsBeingClosedLeavesTheAnswerToRatis() throws Exception {
    become(0, voters(0), voters(1));
    RaftServer.Division listener = ((RatisLog) logs.get(1)).division();

    rig.kill(1);

    assertThat(ListenersVote.vote(listener, RequestVoteRequestProto.getDefaultInstance())).isNull();
  }

  @Test
  void whoHasJoinedStaysAMemberAfterARestart() throws Exception {
    become(0, voters(0, 1), List.of());
    become(0, voters(0, 1, 2), List.of());
    propose(0, "one");
    rig.await("all have it", () -> replicas.stream().allMatch(it -> it.told().size() == 1));

    rig.kill(1);
    rig.kill(2);
    rig.restart(1);
    rig.restart(2);
    replicas.set(1, new RecordingReplica(rig::changed));
    replicas.set(2, new RecordingReplica(rig::changed));
    rig.node(1).join(LOG, replicas.get(1));
    rig.node(2).join(LOG, replicas.get(2));
    rig.kill(0);

    rig.await(
        "one of the two leads",
        () -> replicas.get(1).leading().isPresent() || replicas.get(2).leading().isPresent());
  }

  @Test
  void whoDoesNotLeadChangesNothing() {
    assertThatThrownBy(() -> members(1).change(voters(1), List.of()).get(30, TimeUnit.SECONDS))
        .isNotNull();
    assertThat(members(0).roster().voters()).isEqualTo(voters(0));
  }

  private void become(int leader, List<Peer> voters, List<Peer> listeners) throws Exception {
    members(leader).change(voters, listeners).get(60, TimeUnit.SECONDS);
    assertThat(members(leader).roster().voters()).containsExactlyInAnyOrderElementsOf(voters);
    assertThat(members(leader).roster().listeners()).containsExactlyInAnyOrderElementsOf(listeners);
  }

  private void propose(int node, String text) {
    long term = replicas.get(node).leading().orElseThrow();
    logs.get(node).propose(term, text.getBytes(StandardCharsets.UTF_8));
  }

  private LogMembers members(int node) {
    return Objects.requireNonNull(rig.node(node).members(LOG));
  }

  private List<Peer> voters(int... nodes) {
    List<Peer> peers = new ArrayList<>();
    for (int node : nodes) {
      peers.add(rig.peer(node));
    }
    return peers;
  }
}
