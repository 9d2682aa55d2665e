package dev.reprise.cluster.simulation;

import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import java.util.concurrent.CompletableFuture;

/** A planted mistake: takes its own proposals for committed. */
final class HastyReplica implements Replica {
  private final Replica replica;
  private long index;

  HastyReplica(Replica replica) {
    this.replica = replica;
  }

  ReplicatedLog over(ReplicatedLog log) {
    return new ReplicatedLog() {
      @Override
      public void propose(long term, byte[] entry) {
        log.propose(term, entry);
        replica.apply(new LogPosition(term, ++index), entry);
      }

      @Override
      public int maxEntryBytes() {
        return log.maxEntryBytes();
      }

      @Override
      public CompletableFuture<Boolean> stepDown() {
        return log.stepDown();
      }

      @Override
      public void close() {
        log.close();
      }
    };
  }

  @Override
  public LogPosition applied() {
    LogPosition applied = replica.applied();
    index = applied.index();
    return applied;
  }

  @Override
  public LogPosition flushed() {
    return replica.flushed();
  }

  @Override
  public void apply(LogPosition at, byte[] entry) {
    if (at.index() > index) {
      index = at.index();
      replica.apply(at, entry);
    }
  }

  @Override
  public void advanced(LogPosition at) {
    index = Math.max(index, at.index());
    replica.advanced(at);
  }

  @Override
  public void leaderReady(long term) {
    replica.leaderReady(term);
  }

  @Override
  public void leadershipLost() {
    replica.leadershipLost();
  }

  @Override
  public void proposalFailed(long term, Throwable cause) {
    replica.proposalFailed(term, cause);
  }

  @Override
  public void failed(Throwable cause) {
    replica.failed(cause);
  }
}
