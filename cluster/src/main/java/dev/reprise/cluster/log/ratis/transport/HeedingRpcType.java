package dev.reprise.cluster.log.ratis.transport;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Ratis over gRPC, with another way from leaders to followers ({@link HeedingAppender}). Public
 * because Ratis makes it by its name.
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
    private final Map<RaftPeerId, Silence> silences = new ConcurrentHashMap<>();

    private Factory(Parameters parameters) {
      super(parameters);
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      Silence silence =
          silences.computeIfAbsent(follower.getId(), id -> new Silence(System::nanoTime));
      return new HeedingAppender(server, state, follower, silence);
    }
  }
}
