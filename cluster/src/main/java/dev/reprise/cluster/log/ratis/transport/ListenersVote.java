package dev.reprise.cluster.log.ratis.transport;

import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.RaftRpcReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.jspecify.annotations.Nullable;

/**
 * Votes for the only voter a log had before this listener becomes the second. That one needs the
 * vote as soon as the change is in its own log, which may be before the listener has heard of it,
 * and Ratis 3.3.0 makes it a voter still later: without its vote a leader that is deposed, or
 * killed, in between would never lead again.
 *
 * <p>The vote need not be remembered. Nobody but this candidate can win, in any term: every
 * majority, of the voters before the change and of those after it, has the candidate in it, and it
 * votes for itself.
 */
public final class ListenersVote {
  private static final Comparator<TermIndex> BY_END = Comparator.naturalOrder();

  private ListenersVote() {}

  /** A vote for the candidate; null where Ratis is to answer. */
  public static @Nullable RequestVoteReplyProto vote(
      RaftServer.Division division, RequestVoteRequestProto request) {
    // The log of one that is being closed cannot be asked any more.
    if (!division.getInfo().isListener() || !division.getInfo().isAlive()) {
      return null;
    }
    RaftPeerId candidate = RaftPeerId.valueOf(request.getServerRequest().getRequestorId());
    long term = division.getInfo().getCurrentTerm();
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    TermIndex itsLast = TermIndex.valueOf(request.getCandidateLastEntry());
    if (request.getCandidateTerm() < term
        || (last != null && BY_END.compare(itsLast, last) < 0)
        || !isNeeded(candidate, division)) {
      return null;
    }
    return RequestVoteReplyProto.newBuilder()
        .setServerReply(granted(request.getServerRequest()))
        .setTerm(term)
        .setLastEntry((last == null ? TermIndex.INITIAL_VALUE : last).toProto())
        .build();
  }

  private static boolean isNeeded(RaftPeerId candidate, RaftServer.Division division) {
    RaftConfiguration members = division.getRaftConf();
    return isNeeded(
        candidate,
        division.getId(),
        ids(members.getPreviousPeers()),
        ids(members.getCurrentPeers()));
  }

  /**
   * Whether nobody can win without the candidate.
   *
   * @param self the listener
   * @param before the voters before a change that is under way; empty when there is none
   * @param now the voters after it
   */
  static boolean isNeeded(
      RaftPeerId candidate, RaftPeerId self, Set<RaftPeerId> before, Set<RaftPeerId> now) {
    Set<RaftPeerId> alone = Set.of(candidate);
    return before.isEmpty()
        ? now.equals(alone) || now.equals(Set.of(candidate, self))
        : before.equals(alone);
  }

  private static Set<RaftPeerId> ids(Collection<RaftPeer> peers) {
    return peers.stream().map(RaftPeer::getId).collect(Collectors.toSet());
  }

  private static RaftRpcReplyProto granted(RaftRpcRequestProto request) {
    return RaftRpcReplyProto.newBuilder()
        .setRequestorId(request.getRequestorId())
        .setReplyId(request.getReplyId())
        .setRaftGroupId(request.getRaftGroupId())
        .setCallId(request.getCallId())
        .setSuccess(true)
        .build();
  }
}
