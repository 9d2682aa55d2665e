package dev.reprise.cluster.log.simulated;

import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One log and its replicas. Confined to the simulation's thread; everything that happens is
 * scheduled in {@link SimulatedTime} and drawn from one {@link RandomGenerator}, so a seed gives
 * the same run again.
 *
 * <p>There is one order of committed entries. Behind it stands the leader's tail: appended, not
 * committed. An election keeps some beginning of the tail and drops the rest, whatever was reported
 * about it; a new leader commits what it kept together with an entry of its own. A leader that was
 * deposed goes on believing that it leads until it hears otherwise, and what it proposes meanwhile
 * goes nowhere.
 */
public final class SimulatedLog {
  private static final int ELECTION_TIMEOUT_MAX = 300;

  private final SimulatedTime time;
  private final RandomGenerator random;
  private final List<SimulatedReplica> replicas = new ArrayList<>();
  private final List<Entry> committed = new ArrayList<>();
  private final List<Entry> tail = new ArrayList<>();
  private Faults faults;
  private long term;
  private @Nullable SimulatedReplica leader;
  private boolean commitDue;
  private boolean electionDue;
  private SimulatedTime.@Nullable Task unrest;

  private SimulatedLog(int nodes, SimulatedTime time, RandomGenerator random, Faults faults) {
    this.time = time;
    this.random = random;
    this.faults = faults;
    for (int node = 0; node < nodes; node++) {
      replicas.add(new SimulatedReplica(this, node));
    }
    become(faults);
  }

  /** A log for nodes 0 to {@code nodes - 1}, none of which runs yet. */
  public static SimulatedLog cluster(
      int nodes, SimulatedTime time, RandomGenerator random, Faults faults) {
    return new SimulatedLog(nodes, time, random, faults);
  }

  /** Starts a node, or starts it again: it is told what comes after {@code replica.applied()}. */
  public ReplicatedLog start(int node, Replica replica) {
    ReplicatedLog handle = replicas.get(node).start(replica);
    electSoonIfNobodyLeads();
    return handle;
  }

  /** Stops a node without a word; what its store holds is the caller's affair. */
  public void crash(int node) {
    replicas.get(node).stop();
    stopped(replicas.get(node));
  }

  /**
   * Lets a node stand still: it neither hears nor applies anything, but may be asked to propose.
   */
  public void pause(int node) {
    replicas.get(node).pause(true);
    electSoonIfNobodyLeads();
  }

  /** Lets a paused node go on, with whatever it believed. */
  public void resume(int node) {
    replicas.get(node).pause(false);
    electSoonIfNobodyLeads();
  }

  /**
   * Makes a node win an election now.
   *
   * @return false if it is not up, or no majority is
   */
  public boolean elect(int node) {
    SimulatedReplica winner = replicas.get(node);
    if (!winner.isUp() || !isMajorityUp()) {
      return false;
    }
    SimulatedReplica before = leader;
    boolean keepsAll = before == winner;
    int kept = keepsAll ? tail.size() : random.nextInt(tail.size() + 1);
    tail.subList(kept, tail.size()).clear();
    term += 1 + random.nextInt(3);
    tail.add(new Entry(term, null, null));
    leader = winner;
    winner.wins(term);
    for (SimulatedReplica other : replicas) {
      if (other != winner) {
        other.hearsOfLeaderSoon(term);
      }
    }
    commitSoon();
    return true;
  }

  /** Changes how unkind the log is from now on. */
  public void become(Faults next) {
    faults = next;
    if (unrest != null) {
      unrest.cancel();
    }
    stirUnrest();
  }

  /** The node that leads in the highest term, if one does. Others may believe that they lead. */
  public OptionalInt leader() {
    return leader == null ? OptionalInt.empty() : OptionalInt.of(leader.node());
  }

  /** How many nodes believe at present that they lead. */
  public int believers() {
    return (int) replicas.stream().filter(SimulatedReplica::believesToLead).count();
  }

  /** The position of the newest committed entry. */
  public LogPosition committed() {
    return position(committed.size());
  }

  // What replicas ask and tell.

  SimulatedTime time() {
    return time;
  }

  RandomGenerator random() {
    return random;
  }

  Faults faults() {
    return faults;
  }

  boolean chance(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }

  int upTo(int max) {
    return random.nextInt(max + 1);
  }

  /** The committed entry at an index from 1, or null if there is none yet. */
  @Nullable Entry at(long index) {
    return index <= committed.size() ? committed.get((int) index - 1) : null;
  }

  private LogPosition position(int index) {
    return index == 0
        ? LogPosition.NOTHING
        : new LogPosition(committed.get(index - 1).term(), index);
  }

  /** Whether this position is what the log says about its index. */
  boolean agreesWith(LogPosition position) {
    return position.index() <= committed.size()
        && position((int) position.index()).equals(position);
  }

  /**
   * Takes a proposal of a node that believes to lead in {@code itsTerm}.
   *
   * @return false if somebody else leads by now: it goes nowhere
   */
  boolean append(SimulatedReplica from, long itsTerm, byte[] bytes, Object proposal) {
    if (leader != from || term != itsTerm) {
      return false;
    }
    tail.add(new Entry(term, bytes, proposal));
    if (chance(faults.duplicated())) {
      tail.add(new Entry(term, bytes, proposal));
    }
    commitSoon();
    return true;
  }

  /** A node hands leadership to somebody else, if there is one. */
  boolean handOver(SimulatedReplica from) {
    if (leader != from) {
      return false;
    }
    List<SimulatedReplica> others =
        replicas.stream().filter(other -> other != from && other.isUp()).toList();
    return !others.isEmpty() && elect(others.get(random.nextInt(others.size())).node());
  }

  /** A node is gone: crashed, closed or failed. */
  void stopped(SimulatedReplica gone) {
    if (leader == gone) {
      leader = null;
    }
    stepDownWithoutMajority();
    electSoonIfNobodyLeads();
  }

  private void stepDownWithoutMajority() {
    if (leader != null && !isMajorityUp()) {
      leader.hearsOfLeaderSoon(term + 1);
      leader = null;
    }
  }

  // Commits and elections.

  private void commitSoon() {
    if (!commitDue) {
      commitDue = true;
      time.after(upTo(faults.commitDelayMax()), this::commit);
    }
  }

  /** Some beginning of the tail, but at least the leader's own entry with what stands before. */
  private void commit() {
    commitDue = false;
    if (leader == null || !leader.isUp() || !isMajorityUp() || tail.isEmpty()) {
      return;
    }
    int least = 0;
    for (int i = 0; i < tail.size(); i++) {
      if (tail.get(i).term() == term && tail.get(i).bytes() == null) {
        least = i + 1;
      }
    }
    int count = Math.max(1, least) + random.nextInt(tail.size() - Math.max(1, least) + 1);
    List<Entry> next = tail.subList(0, count);
    committed.addAll(next);
    next.clear();
    replicas.forEach(SimulatedReplica::applySoon);
    if (!tail.isEmpty()) {
      commitSoon();
    }
  }

  private boolean isMajorityUp() {
    long up = replicas.stream().filter(SimulatedReplica::isUp).count();
    return up > replicas.size() / 2;
  }

  private void electSoonIfNobodyLeads() {
    boolean led = leader != null && leader.isUp();
    if (led) {
      commitSoon();
    } else if (!electionDue && isMajorityUp()) {
      electionDue = true;
      time.after(1 + upTo(ELECTION_TIMEOUT_MAX), this::electSomebody);
    }
  }

  private void electSomebody() {
    electionDue = false;
    if (leader == null || !leader.isUp()) {
      electAny();
    }
  }

  private void electAny() {
    List<SimulatedReplica> up = replicas.stream().filter(SimulatedReplica::isUp).toList();
    if (!up.isEmpty()) {
      elect(up.get(random.nextInt(up.size())).node());
    }
  }

  private void stirUnrest() {
    if (faults.electionEveryMean() > 0) {
      unrest =
          time.after(
              1 + upTo(2 * faults.electionEveryMean()),
              () -> {
                electAny();
                stirUnrest();
              });
    }
  }
}
