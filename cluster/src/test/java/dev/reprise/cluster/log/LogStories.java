package dev.reprise.cluster.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.log.RecordingReplica.Told;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One log, open on every node of a rig: the words in which the contract's stories are told. */
public abstract class LogStories {
  protected static final LogId LOG = LogId.partition(1);

  protected LogRig rig;
  protected Member[] members;

  /** Nodes that run, without logs. */
  protected abstract LogRig startRig();

  /** One node's part of the log under test. */
  protected static final class Member {
    /** What it is told; another one takes its place while the node is down. */
    public RecordingReplica replica;

    @Nullable ReplicatedLog log;

    private Member(RecordingReplica replica) {
      this.replica = replica;
    }

    private boolean runs() {
      return log != null;
    }
  }

  @BeforeEach
  void openOnEveryNode() {
    rig = startRig();
    members = new Member[rig.nodes()];
    for (int node = 0; node < members.length; node++) {
      members[node] = new Member(new RecordingReplica(rig::changed));
      open(node);
    }
  }

  @AfterEach
  void nothingForbiddenWasTold() {
    rig.close();
    for (Member member : members) {
      assertThat(member.replica.violations()).isEmpty();
    }
  }

  protected final void open(int node) {
    members[node].log = rig.open(node, LOG, members[node].replica);
  }

  /** Ends a node without warning; what it was told stays. */
  protected final void kill(int node) {
    rig.kill(node);
    members[node].log = null;
  }

  /** Starts a killed node again, with this replica. */
  protected final void start(int node, RecordingReplica replica) {
    rig.restart(node);
    members[node].replica = replica;
    open(node);
  }

  /** The number of nodes. */
  final int nodes() {
    return members.length;
  }

  protected final int nodeOf(Member member) {
    return List.of(members).indexOf(member);
  }

  /** Waits for a member that is ready to lead. */
  protected final Member leader() {
    rig.await("somebody leads", () -> findLeader() != null);
    Member leader = findLeader();
    return leader == null ? leader() : leader;
  }

  final @Nullable Member findLeader() {
    return Arrays.stream(members)
        .filter(member -> member.runs() && member.replica.leading().isPresent())
        .findFirst()
        .orElse(null);
  }

  static int leaderOf(List<RecordingReplica> replicas) {
    return IntStream.range(0, replicas.size())
        .filter(i -> replicas.get(i).leading().isPresent())
        .findFirst()
        .orElse(-1);
  }

  protected static long term(Member member) {
    return member.replica.leading().orElseThrow();
  }

  protected static ReplicatedLog log(Member member) {
    ReplicatedLog log = member.log;
    if (log == null) {
      throw new IllegalStateException("Expected the member to run, but it was killed");
    }
    return log;
  }

  protected final List<String> proposeMany(Member leader, String prefix, int count) {
    List<String> entries = IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    entries.forEach(entry -> propose(leader, entry));
    return entries;
  }

  protected static void propose(Member leader, String entry) {
    propose(leader, bytes(entry));
  }

  static void propose(Member leader, byte[] entry) {
    log(leader).propose(term(leader), entry);
  }

  protected final void awaitApplied(Member member, int entries) {
    rig.await(entries + " entries are applied", () -> member.replica.told().size() >= entries);
  }

  protected final void awaitAppliedEverywhere(int entries) {
    for (Member member : members) {
      awaitApplied(member, entries);
    }
  }

  protected static void assertSame(List<Told> told, List<Told> expected) {
    assertThat(told.stream().map(Told::at).toList())
        .isEqualTo(expected.stream().map(Told::at).toList());
    assertThat(told.stream().map(Told::text).toList())
        .isEqualTo(expected.stream().map(Told::text).toList());
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
