package dev.reprise.cluster.log.ratis.transport;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
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
 * and nothing listens at its port any more, its process is gone: of the followers that reach a
 * majority, the one with the longest log stands for election at once, without the vote before the
 * vote, in which the others would still believe in the dead one. A leader that is only silent, or
 * unreachable, is waited for as always. Wrong guesses are safe: it is an election like any other.
 * Any thread.
 */
final class LeaderDeath {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderDeath.class);

  /** A process that ends closes its connections first, and its port a little later. */
  private static final int LOOKS = 20;

  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int CONNECT_MILLIS = 300;
  private static final int READ_MILLIS = 100;
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
        if (isHungUp(socket)) {
          return true;
        }
      } catch (ConnectException e) {
        return true;
      }
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
    return false;
  }

  /** What stands before a dead server takes the call, and hangs up; a server greets, or waits. */
  private static boolean isHungUp(Socket socket) throws IOException {
    socket.setSoTimeout(READ_MILLIS);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Where the log of another voter ends; null for an empty one. */
  private record End(RaftPeerId voter, @Nullable TermIndex last) {}

  /** Whether a majority is there, and nobody in it has a longer log, or a smaller name. */
  private boolean isFirst(RaftServer.Division division, RaftPeerId leader, TermIndex last) {
    Collection<RaftPeer> voters = division.getRaftConf().getCurrentPeers();
    List<CompletableFuture<@Nullable End>> asked =
        voters.stream()
            .map(RaftPeer::getId)
            .filter(it -> !it.equals(leader) && !it.equals(server.getId()))
            .map(
                it ->
                    CompletableFuture.<@Nullable End>supplyAsync(
                            () -> ask(division, it, last), background)
                        .completeOnTimeout(null, ASK_MILLIS, TimeUnit.MILLISECONDS))
            .toList();
    List<End> ends = asked.stream().map(CompletableFuture::join).filter(Objects::nonNull).toList();
    return 1 + ends.size() > voters.size() / 2
        && ends.stream().noneMatch(it -> goesFirst(it, last));
  }

  private boolean goesFirst(End other, TermIndex last) {
    int longer = other.last() == null ? -1 : other.last().compareTo(last);
    boolean smaller = other.voter().toString().compareTo(server.getId().toString()) < 0;
    return longer > 0 || (longer == 0 && smaller);
  }

  /** The vote before the vote changes nothing, and its answer tells how far the log goes. */
  private @Nullable End ask(RaftServer.Division division, RaftPeerId other, TermIndex last) {
    RequestVoteRequestProto question =
        RequestVoteRequestProto.newBuilder()
            .setServerRequest(request(division, server.getId(), other))
            .setCandidateTerm(division.getInfo().getCurrentTerm())
            .setCandidateLastEntry(last.toProto())
            .setPreVote(true)
            .build();
    try {
      RequestVoteReplyProto answer = server.getServerRpc().requestVote(question);
      return new End(
          other, answer.hasLastEntry() ? TermIndex.valueOf(answer.getLastEntry()) : null);
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
