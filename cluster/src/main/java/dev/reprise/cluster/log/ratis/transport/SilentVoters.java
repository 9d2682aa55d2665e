package dev.reprise.cluster.log.ratis.transport;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes new connections for a server whose logs are without a leader: nobody appends then, so
 * {@link HeedingAppender} does not see that a connection is of no use, and a server that can only
 * be elected with the vote of another would ask for it in vain for as long as both live. To those
 * that follow this server in any log it is left to that one. Confined to one thread.
 */
public final class SilentVoters {
  private static final Logger LOG = LoggerFactory.getLogger(SilentVoters.class);
  private static final long TOO_LONG_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final RaftServer server;
  private final LongSupplier nanos;
  private final Executor background;
  private final Map<RaftGroupId, Long> leaderlessSince = new HashMap<>();
  private final Map<RaftPeerId, Long> renewedAt = new HashMap<>();

  /**
   * @param nanos as {@link System#nanoTime}
   * @param background ends connections, which takes seconds
   */
  public SilentVoters(RaftServer server, LongSupplier nanos, Executor background) {
    this.server = server;
    this.nanos = nanos;
    this.background = background;
  }

  /** Looks at all logs. To be called every second or so; does not wait for other servers. */
  public void look() {
    Set<RaftPeerId> led = new HashSet<>();
    Set<RaftPeerId> wanted = new HashSet<>();
    Set<RaftGroupId> leaderless = new HashSet<>();
    for (RaftGroupId group : server.getGroupIds()) {
      try {
        look(server.getDivision(group), led, wanted, leaderless);
      } catch (IOException cause) {
        LOG.debug("Group {} is not there any more", group, cause);
      }
    }
    leaderlessSince.keySet().retainAll(leaderless);
    wanted.removeAll(led);
    renewedAt.keySet().retainAll(wanted);
    wanted.forEach(this::renew);
  }

  private void look(
      RaftServer.Division division,
      Set<RaftPeerId> led,
      Set<RaftPeerId> wanted,
      Set<RaftGroupId> leaderless) {
    if (division.getInfo().isLeader()) {
      division.getRaftConf().getAllPeers().forEach(it -> led.add(it.getId()));
    } else if (division.getInfo().isCandidate() || division.getInfo().getLeaderId() == null) {
      RaftGroupId group = division.getMemberId().getGroupId();
      leaderless.add(group);
      long since = leaderlessSince.computeIfAbsent(group, it -> nanos.getAsLong());
      if (nanos.getAsLong() - since >= TOO_LONG_NANOS) {
        division.getRaftConf().getAllPeers().stream()
            .map(RaftPeer::getId)
            .filter(it -> !it.equals(server.getId()))
            .forEach(wanted::add);
      }
    }
  }

  private void renew(RaftPeerId voter) {
    long now = nanos.getAsLong();
    Long before = renewedAt.get(voter);
    if (before != null && now - before < TOO_LONG_NANOS) {
      return;
    }
    renewedAt.put(voter, now);
    if (before == null) {
      LOG.info("{}: new connections to {} are taken while nobody leads", server.getId(), voter);
    }
    if (server.getServerRpc() instanceof GrpcServicesImpl rpc) {
      background.execute(() -> rpc.getProxies().resetProxy(voter));
    }
  }
}
