package dev.reprise.cluster.log.simulated;

import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One node's view of a {@link SimulatedLog}: what it has applied and what it believes. Confined to
 * the simulation's thread.
 */
final class SimulatedReplica {
  private static final int LARGEST_ENTRY = 64 << 20;
  private static final int RUN_MAX = 16;

  private final SimulatedLog log;
  private final int node;

  /** The present life of this node; null while it is down. Dead lives hear nothing more. */
  private @Nullable Life life;

  SimulatedReplica(SimulatedLog log, int node) {
    this.log = log;
    this.node = node;
  }

  int node() {
    return node;
  }

  boolean isUp() {
    return life != null && !life.paused;
  }

  boolean believesToLead() {
    return life != null && life.leading > 0;
  }

  ReplicatedLog start(Replica replica) {
    if (life != null) {
      throw new LogException("Expected node " + node + " to be down, but it runs");
    }
    LogPosition applied = replica.applied();
    if (!log.agreesWith(applied)) {
      throw new LogException(
          "Expected node " + node + " to hold what was committed, but it holds " + applied);
    }
    life = new Life(replica, applied.index());
    life.applySoon();
    return life;
  }

  void stop() {
    if (life != null) {
      life.over = true;
      life = null;
    }
  }

  void pause(boolean paused) {
    if (life != null) {
      life.pause(paused);
    }
  }

  void wins(long term) {
    if (life != null) {
      life.wins(term);
    }
  }

  void hearsOfLeaderSoon(long term) {
    if (life != null) {
      life.hearsOfLeaderSoon(term);
    }
  }

  void applySoon() {
    if (life != null) {
      life.applySoon();
    }
  }

  /** From one start to the next crash. */
  private final class Life implements ReplicatedLog {
    private final Replica replica;
    private final List<Runnable> whilePaused = new ArrayList<>();

    /** Accepted and not yet applied here, in order. */
    private final List<Object> unresolved = new ArrayList<>();

    private long applied;
    private long leading;
    private boolean ready;
    private boolean applyDue;
    private boolean paused;
    private boolean over;

    private Life(Replica replica, long applied) {
      this.replica = replica;
      this.applied = applied;
    }

    /** Everything that reaches this life passes here: not after its end, not while it is paused. */
    private void later(int delayMax, Runnable action) {
      log.time().after(log.upTo(delayMax), () -> deliver(action));
    }

    private void deliver(Runnable action) {
      if (over) {
        return;
      }
      if (paused) {
        whilePaused.add(action);
      } else {
        action.run();
      }
    }

    private void pause(boolean next) {
      paused = next;
      if (!paused) {
        List<Runnable> waiting = List.copyOf(whilePaused);
        whilePaused.clear();
        waiting.forEach(action -> later(0, action));
      }
    }

    // Applying.

    private void applySoon() {
      if (!applyDue) {
        applyDue = true;
        later(log.faults().applyDelayMax(), this::applyRun);
      }
    }

    private void applyRun() {
      applyDue = false;
      for (int left = 1 + log.upTo(RUN_MAX); left > 0 && !over; left--) {
        Entry next = log.at(applied + 1);
        if (next == null) {
          return;
        }
        apply(next);
      }
      if (!over) {
        applySoon();
      }
    }

    private void apply(Entry entry) {
      if (entry.term() > leading && leading > 0) {
        hearsOfLeader(entry.term()); // It cannot hold a later term's entry and believe to lead.
        if (over) {
          return;
        }
      }
      LogPosition at = new LogPosition(entry.term(), applied + 1);
      byte[] bytes = entry.bytes();
      try {
        if (bytes == null) {
          replica.advanced(at);
          applied++;
          leadIfOwn(entry.term());
        } else {
          unresolved.remove(entry.proposal());
          replica.apply(at, bytes);
          applied++;
        }
      } catch (RuntimeException thrown) {
        end();
        replica.failed(thrown);
      }
    }

    private void leadIfOwn(long term) {
      if (term == leading && !ready) {
        ready = true;
        replica.leaderReady(term);
      }
    }

    // Leading.

    private void wins(long term) {
      if (leading > 0) {
        loseLeadership();
      }
      leading = term;
      ready = false;
    }

    private void hearsOfLeaderSoon(long term) {
      later(log.faults().beliefMax(), () -> hearsOfLeader(term));
    }

    private void hearsOfLeader(long term) {
      if (term <= leading) {
        return; // Old news: it has won since.
      }
      if (leading > 0) {
        loseLeadership();
      } else {
        replica.leadershipLost();
      }
    }

    private void loseLeadership() {
      long lost = leading;
      leading = 0;
      ready = false;
      int failed = unresolved.size();
      unresolved.clear();
      boolean failuresFirst = log.random().nextBoolean();
      if (!failuresFirst) {
        replica.leadershipLost();
      }
      for (int i = 0; i < failed; i++) {
        replica.proposalFailed(lost, new LogException("Node " + node + " was deposed"));
      }
      if (failuresFirst) {
        replica.leadershipLost();
      }
    }

    @Override
    public void propose(long term, byte[] entry) {
      if (entry.length > LARGEST_ENTRY) {
        throw new IllegalArgumentException(
            "Expected an entry of at most " + LARGEST_ENTRY + " bytes, got " + entry.length);
      }
      if (over || term != leading || !ready) {
        fail(term, "does not lead in term " + term);
        return;
      }
      if (log.chance(log.faults().refused())) {
        fail(term, "refused a proposal");
        return;
      }
      Object proposal = new Object();
      boolean appended = log.append(SimulatedReplica.this, term, entry, proposal);
      if (appended && log.chance(log.faults().reportedLost())) {
        fail(term, "does not know what became of a proposal");
      } else {
        unresolved.add(proposal);
      }
    }

    /** At once or a little later: a real log does both. */
    private void fail(long term, String why) {
      LogException cause = new LogException("Node " + node + " " + why);
      if (over || log.random().nextBoolean()) {
        replica.proposalFailed(term, cause);
      } else {
        later(log.faults().commitDelayMax(), () -> replica.proposalFailed(term, cause));
      }
    }

    @Override
    public int maxEntryBytes() {
      return LARGEST_ENTRY;
    }

    @Override
    public CompletableFuture<Boolean> stepDown() {
      boolean done = !over && leading > 0 && log.handOver(SimulatedReplica.this);
      if (done) {
        later(0, () -> hearsOfLeader(Long.MAX_VALUE));
      }
      CompletableFuture<Boolean> answer = new CompletableFuture<>();
      log.time().after(log.upTo(log.faults().commitDelayMax()), () -> answer.complete(done));
      return answer;
    }

    @Override
    public void close() {
      if (!over) {
        end();
      }
    }

    private void end() {
      if (leading > 0) {
        loseLeadership();
      }
      if (life == this) {
        stop();
        log.stopped(SimulatedReplica.this);
      }
    }
  }
}
