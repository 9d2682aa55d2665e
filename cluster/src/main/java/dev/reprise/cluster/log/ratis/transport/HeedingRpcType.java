package dev.reprise.cluster.log.ratis.transport;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Ratis over gRPC, with leaders that heed what a follower says it needs next. Public because Ratis
 * makes it by its name.
 *
 * <p>Ratis's own leader trusts what it has counted as held by a follower more than the follower's
 * answer. A follower that holds less, because its damaged files were replaced by the state of
 * another replica that was a little behind, is then asked for the same missing entry until
 * leadership moves (seen with Ratis 3.3.0; RATIS-2523 is about the same choice).
 */
public final class HeedingRpcType implements RpcType {
  @Override
  public String name() {
    return "GRPC";
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new Factory(parameters);
  }

  @Override
  public String toString() {
    return getClass().getName();
  }

  private static final class Factory extends GrpcFactory {
    private Factory(Parameters parameters) {
      super(parameters);
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      return new Appender(server, state, follower);
    }
  }

  private static final class Appender extends GrpcLogAppender {
    /** Guarded by this: what was wanted last, and how far to go back beyond what is wanted next. */
    private long lastWanted;

    private long back;

    private Appender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      super(server, state, follower);
    }

    /**
     * What the follower wants, and each time it then wants something earlier, twice as far back:
     * one with entries of its own finds out one by one which of them the leader does not have. What
     * is too far back is no harm: it answers with what follows its committed entries. So is an
     * answer that was overtaken: entries that are sent twice are skipped.
     */
    @Override
    protected synchronized long getNextIndexForInconsistency(long requestFirst, long wanted) {
      back = wanted < lastWanted ? Math.max(1, 2 * back) : 0;
      lastWanted = wanted;
      // What was refused is not sent again.
      long next = wanted == requestFirst ? wanted - 1 : wanted;
      long firstHeld = getServer().getRaftLog().getStartIndex();
      return Math.max(Math.min(next, firstHeld + 1), next - back);
    }
  }
}
