package dev.reprise.cluster.log.ratis;

import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogMembers;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.jspecify.annotations.Nullable;

/**
 * The members of one Ratis group. All have the same priority: Ratis refuses a transfer otherwise.
 */
record RatisMembers(RatisLog log, RaftServer.Division division, RaftGroupId group)
    implements LogMembers {
  @Override
  public Roster roster() {
    RaftConfiguration now = division.getRaftConf();
    boolean settled =
        now.getPreviousPeers().isEmpty()
            && now.getLogEntryIndex() <= division.getRaftLog().getLastCommittedIndex();
    return new Roster(
        peers(now.getCurrentPeers(RaftPeerRole.FOLLOWER)),
        peers(now.getCurrentPeers(RaftPeerRole.LISTENER)),
        settled);
  }

  private static List<Peer> peers(Collection<RaftPeer> peers) {
    return peers.stream().map(it -> new Peer(it.getId().toString(), it.getAddress())).toList();
  }

  @Override
  public boolean leads() {
    return division.getInfo().isLeader();
  }

  @Override
  public @Nullable String leader() {
    RaftPeerId leader = division.getInfo().getLeaderId();
    return leader == null ? null : leader.toString();
  }

  @Override
  public long term() {
    return division.getInfo().getCurrentTerm();
  }

  @Override
  public long appliedIndex() {
    return division.getInfo().getLastAppliedIndex() + 1;
  }

  @Override
  public long flushedIndex() {
    return log.flushedIndex();
  }

  @Override
  public long firstIndex() {
    return division.getRaftLog().getStartIndex() + 1;
  }

  @Override
  public CompletableFuture<Void> cut() {
    return log.cut();
  }

  @Override
  public CompletableFuture<Void> change(List<Peer> voters, List<Peer> listeners) {
    SetConfigurationRequest.Arguments wanted =
        SetConfigurationRequest.Arguments.newBuilder()
            .setServersInNewConf(voters.stream().map(RatisMembers::voter).toList())
            .setListenersInNewConf(listeners.stream().map(RatisMembers::listener).toList())
            .build();
    try {
      return division
          .getRaftServer()
          .setConfigurationAsync(
              new SetConfigurationRequest(ClientId.randomId(), division.getId(), group, 1, wanted))
          .thenAccept(reply -> expectSuccess(reply, voters, listeners));
    } catch (IOException refused) {
      return CompletableFuture.failedFuture(
          new LogException("Expected the members to change, but it was refused", refused));
    }
  }

  private static void expectSuccess(
      RaftClientReply reply, List<Peer> voters, List<Peer> listeners) {
    if (!reply.isSuccess()) {
      throw new LogException(
          "Expected the voters to become " + voters + " and the listeners " + listeners,
          reply.getException());
    }
  }

  static RaftPeer voter(Peer peer) {
    return RaftPeer.newBuilder().setId(peer.id()).setAddress(peer.address()).build();
  }

  static RaftPeer listener(Peer peer) {
    return RaftPeer.newBuilder()
        .setId(peer.id())
        .setAddress(peer.address())
        .setStartupRole(RaftPeerRole.LISTENER)
        .build();
  }

  @Override
  public CompletableFuture<Boolean> stepDown() {
    return log.stepDown();
  }

  @Override
  public CompletableFuture<Boolean> transfer(String to) {
    return log.transfer(RaftPeerId.valueOf(to));
  }
}
