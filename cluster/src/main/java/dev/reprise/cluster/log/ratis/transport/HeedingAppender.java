package dev.reprise.cluster.log.ratis.transport;

import java.util.concurrent.Executor;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A leader's way to one follower. It heeds what the follower says it needs next, and takes a new
 * connection when the old one has been no use for a while.
 */
final class HeedingAppender extends GrpcLogAppender {
  private static final Logger LOG = LoggerFactory.getLogger(HeedingAppender.class);

  private final Silence silence;

  /** Guarded by this: what was wanted last, and how far to go back beyond what is wanted next. */
  private long lastWanted;

  private long back;

  /**
   * @param silence of the follower's server, in all logs
   */
  HeedingAppender(
      RaftServer.Division server, LeaderState state, FollowerInfo follower, Silence silence) {
    super(server, state, follower);
    this.silence = silence;
  }

  /**
   * What the follower wants, and each time it then wants something earlier, twice as far back: one
   * with entries of its own finds out one by one which of them the leader does not have. What is
   * too far back is no harm: it answers with what follows its committed entries. So is an answer
   * that was overtaken: entries that are sent twice are skipped.
   *
   * <p>Ratis trusts what it has counted as held by a follower more than the follower's answer. One
   * that holds less, because its damaged files were replaced by the state of another replica that
   * was a little behind, is then asked for the same missing entry until leadership moves (seen with
   * Ratis 3.3.0; RATIS-2523 is about the same choice).
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

  /**
   * Not when the follower has just said that it holds all up to where this log begins. By then
   * Ratis would send the rest without the entry before, which was purged, and yet it would first
   * ask for a snapshot, and be told the same, until the log is cut again (seen with Ratis 3.3.0).
   */
  @Override
  public boolean shouldInstallSnapshot(boolean hasSnapshot) {
    FollowerInfo follower = getFollower();
    long next = follower.getNextIndex();
    boolean holdsAllBefore =
        next == follower.getSnapshotIndex() + 1 && next == getRaftLog().getStartIndex();
    return !holdsAllBefore && super.shouldInstallSnapshot(hasSnapshot);
  }

  /**
   * Takes a new connection when nothing was heard for a while. A server that comes back at another
   * address may be connected, and not used: the gRPC inside Ratis heeds a late failure of the old
   * address, when its name was unknown for a moment and known again within five seconds (grpc-java
   * 12958). Or a connection is taken and never answered, and Ratis waits for as long as this server
   * leads until it takes a request; so this is not left to the thread that appends. Any thread;
   * does not block.
   *
   * @param background ends the old connection, which takes seconds
   */
  void look(Executor background) {
    int renewal = silence.tooLong(getFollower().getLastRpcResponseTime().elapsedTimeMs());
    if (renewal > 0) {
      RaftPeerId peer = getFollowerId();
      // One that is dead is looked for as long as it is a member.
      LOG.atLevel(renewal == 1 ? Level.INFO : Level.DEBUG)
          .log("{}: a new connection to {} is taken", getServer().getMemberId(), peer);
      background.execute(() -> getServerRpc().getProxies().resetProxy(peer));
    }
  }
}
