package dev.reprise.cluster.log.ratis;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.NetUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a dead leader's place without waiting for an election timeout. When a leader's stream ends
 * and its port refuses connections, its process is gone: of the followers, the one with the longest
 * log stands for election at once, without the vote before the vote, in which the others would
 * still believe in the dead one. A leader that is only silent, or unreachable, is waited for as
 * always. Wrong guesses are safe: it is an election like any other. Any thread.
 */
final class LeaderDeath {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderDeath.class);

  /** A process that ends closes its connections first, and its port a little later. */
  private static final int LOOKS = 20;

  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int CONNECT_MILLIS = 300;
  private static final long ASK_MILLIS = 500;

  private final RaftServer server;
  private final Executor background;

  /**
   * @param background may block
   */
  LeaderDeath(RaftServer server, Executor background) {
    this.server = server;
    this.background = background;
  }

  /** A stream on which this peer appended to the log has ended. Does not block. */
  void suspect(RaftGroupId group, RaftPeerId peer) {
    background.execute(
        () -> {
          try {
            look(server.getDivision(group), peer);
          } catch (IOException | RuntimeException e) {
            LOG.debug("{} does not stand for election in {} now", server.getId(), group, e);
          }
        });
  }

  private void look(RaftServer.Division division, RaftPeerId leader) throws IOException {
    RaftPeer there = division.getRaftConf().getPeer(leader);
    if (there == null || !isGone(division, there)) {
      return;
    }
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    if (last != null && isFirst(division, leader, last) && follows(division, leader)) {
      LOG.info("{}: {} is gone, and an election begins", division.getMemberId(), leader);
      server.startLeaderElection(
          StartLeaderElectionRequestProto.newBuilder()
              .setServerRequest(request(division, leader, server.getId()))
              .setLeaderLastEntry(last.toProto())
              .build());
    }
  }

  private static boolean follows(RaftServer.Division division, RaftPeerId leader) {
    return division.getInfo().isFollower() && leader.equals(division.getInfo().getLeaderId());
  }

  /** Whether nothing listens where the leader did. One that cannot be reached is not gone. */
  private static boolean isGone(RaftServer.Division division, RaftPeer leader) throws IOException {
    InetSocketAddress at = NetUtils.createSocketAddr(leader.getAddress());
    for (int look = 0; look < LOOKS && follows(division, leader.getId()); look++) {
      try (Socket socket = new Socket()) {
        socket.connect(at, CONNECT_MILLIS);
      } catch (ConnectException e) {
        return true;
      }
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
    return false;
  }

  /** Whether no other voter has a longer log, or as long a one and a smaller name. */
  private boolean isFirst(RaftServer.Division division, RaftPeerId leader, TermIndex last) {
    List<CompletableFuture<@Nullable TermIndex>> others =
        division.getRaftConf().getCurrentPeers().stream()
            .map(RaftPeer::getId)
            .filter(it -> !it.equals(leader) && !it.equals(server.getId()))
            .map(it -> longest(division, it, last))
            .toList();
    return others.stream()
        .map(CompletableFuture::join)
        .allMatch(it -> it == null || it.compareTo(last) < 0);
  }

  /**
   * Where another's log ends, or null when it does not say so in time, or is behind this one if
   * both are equal.
   */
  private CompletableFuture<@Nullable TermIndex> longest(
      RaftServer.Division division, RaftPeerId other, TermIndex last) {
    boolean after =
        Comparator.<RaftPeerId, String>comparing(RaftPeerId::toString)
                .compare(other, server.getId())
            > 0;
    return CompletableFuture.<@Nullable TermIndex>supplyAsync(
            () -> {
              TermIndex its = ask(division, other, last);
              return after && last.equals(its) ? null : its;
            },
            background)
        .completeOnTimeout(null, ASK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The vote before the vote changes nothing, and its answer tells how far the log goes. */
  private @Nullable TermIndex ask(RaftServer.Division division, RaftPeerId other, TermIndex last) {
    RequestVoteRequestProto question =
        RequestVoteRequestProto.newBuilder()
            .setServerRequest(request(division, server.getId(), other))
            .setCandidateTerm(division.getInfo().getCurrentTerm())
            .setCandidateLastEntry(last.toProto())
            .setPreVote(true)
            .build();
    try {
      RequestVoteReplyProto answer = server.getServerRpc().requestVote(question);
      return answer.hasLastEntry() ? TermIndex.valueOf(answer.getLastEntry()) : null;
    } catch (IOException e) {
      LOG.debug("{} does not say how far its log goes", other, e);
      return null;
    }
  }

  private static RaftRpcRequestProto request(
      RaftServer.Division division, RaftPeerId from, RaftPeerId to) {
    return RaftRpcRequestProto.newBuilder()
        .setRequestorId(from.toByteString())
        .setReplyId(to.toByteString())
        .setRaftGroupId(
            RaftGroupIdProto.newBuilder().setId(division.getMemberId().getGroupId().toByteString()))
        .build();
  }
}
