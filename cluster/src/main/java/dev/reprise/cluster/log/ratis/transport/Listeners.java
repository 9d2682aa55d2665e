package dev.reprise.cluster.log.ratis.transport;

import java.time.Duration;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a listener become a voter. Ratis 3.3.0 does that with the division's lock held, and waits
 * with it for the thread that watches for the leader; where that thread has just asked for the lock
 * both wait for ever, and the node takes no part in the log any more. A listener's thread has
 * nothing to do, as listeners do not stand for election: it is ended before.
 */
public final class Listeners {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Listeners() {}

  /** Whether the request changes who is a member. Asked of every request: it allocates nothing. */
  static boolean concerns(AppendEntriesRequestProto request) {
    for (int i = 0; i < request.getEntriesCount(); i++) {
      if (request.getEntries(i).hasConfigurationEntry()) {
        return true;
      }
    }
    return false;
  }

  /**
   * To be called before the division is given such a request. Blocks until the thread has ended.
   */
  public static void prepare(RaftServer.Division division) {
    if (!division.getInfo().isListener()) {
      return;
    }
    String name = division.getMemberId() + "-FollowerState";
    List<Thread> watching =
        Thread.getAllStackTraces().keySet().stream()
            .filter(it -> it.getName().equals(name))
            .toList();
    try {
      for (Thread thread : watching) {
        thread.interrupt();
        if (!thread.join(PATIENCE)) {
          LOG.warn("{} may not become a voter: {} did not end", division.getMemberId(), thread);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("{} may not become a voter, as it was interrupted", division.getMemberId());
    }
  }
}
