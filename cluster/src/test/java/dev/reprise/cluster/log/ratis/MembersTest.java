package dev.reprise.cluster.log.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.LogMembers.Peer;
import dev.reprise.cluster.log.RecordingReplica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

  /** Ratis would hold the lock that its own waiting thread wants, and wait for that thread. */
  @Test
  void aListenerBecomesAVoterThoughItsThreadsQueueForALock() throws Exception {
    for (int round = 1; round <= 10; round++) {
      LogId log = LogId.partition(round);
      RecordingReplica first = new RecordingReplica(rig::changed);
      rig.node(0).open(log, first);
      rig.await("the first leads", () -> first.leading().isPresent());
      RecordingReplica second = new RecordingReplica(rig::changed);
      RatisLog joined = (RatisLog) rig.node(1).join(log, second);

      LogMembers members = Objects.requireNonNull(rig.node(0).members(log));
      Thread crowd = crowdAt(joined.division());
      CompletableFuture<Void> change = members.change(voters(0, 1), List.of());
      change.handle((done, refused) -> null).get(60, TimeUnit.SECONDS);
      crowd.interrupt();
      crowd.join();

      // Who queued for too long may have lost the lead, but both are there.
      rig.await("one of them leads", () -> leads(first) || leads(second));
      rig.await("both vote", () -> members.roster().voters().size() == 2);
    }
  }

  private static boolean leads(RecordingReplica replica) {
    return replica.leading().isPresent();
  }

  /**
   * Holds a lock most of the time, so that whoever wants it queues for it; not always, as a leader
   * that hears nothing for seconds leads no more.
   */
  private static Thread crowdAt(Object lock) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                synchronized (lock) {
                  LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
              }
            });
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
