package dev.reprise.cluster.log.ratis.transport;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
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

  /**
   * Looks at the ways to all followers of this server. To be called every second or so, by one
   * thread; does not block.
   *
   * @param background ends connections, which takes seconds
   */
  public static void look(RaftServer server, Executor background) {
    if (server.getFactory() instanceof Factory factory) {
      factory.appenders.removeIf(it -> !it.isRunning());
      factory.appenders.forEach(it -> it.look(background));
    }
  }

  private static final class Factory extends GrpcFactory {
    private final Map<RaftPeerId, Silence> silences = new ConcurrentHashMap<>();
    private final Set<HeedingAppender> appenders = ConcurrentHashMap.newKeySet();

    private Factory(Parameters parameters) {
      super(parameters);
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      Silence silence =
          silences.computeIfAbsent(follower.getId(), id -> new Silence(System::nanoTime));
      HeedingAppender appender = new HeedingAppender(server, state, follower, silence);
      appenders.add(appender);
      return appender;
    }
  }
}
