package dev.reprise.server.membership;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.LogMembers.Peer;
import dev.reprise.cluster.log.LogMembers.Roster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the members of the logs that this node leads in line with what is wanted, one change of a
 * log at a time. It remembers nothing that a restart could lose: each turn compares afresh.
 * Confined to one thread.
 */
final class LogFollower {
  private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);

  private final String self;
  private final Map<LogId, CompletableFuture<?>> underWay = new HashMap<>();

  /**
   * @param self this node's peer id
   */
  LogFollower(String self) {
    this.self = self;
  }

  /**
   * Takes one step towards these members, if this node leads the log and no step is under way.
   *
   * @return whether the log has exactly these members
   */
  boolean step(LogId log, LogMembers members, List<Peer> voters, List<Peer> listeners) {
    if (!members.leads() || isUnderWay(log)) {
      return false;
    }
    Roster now = members.roster();
    if (!now.settled()) {
      return false;
    }
    Set<String> present = ids(now.voters());
    if (present.equals(ids(voters)) && ids(now.listeners()).equals(ids(listeners))) {
      return true;
    }
    String successor = successor(present, ids(voters));
    if (successor != null) {
      begin(log, members.transfer(successor), "leadership moves to " + successor);
      return false;
    }
    List<Peer> next = majorityKept(now.voters(), voters);
    List<Peer> following = new ArrayList<>(listeners);
    Set<String> voting = ids(next);
    following.removeIf(it -> voting.contains(it.id()));
    begin(
        log,
        members.change(next, following),
        "the voters become " + voting + " and the listeners " + ids(following));
    return false;
  }

  private boolean isUnderWay(LogId log) {
    CompletableFuture<?> last = underWay.get(log);
    return last != null && !last.isDone();
  }

  private void begin(LogId log, CompletableFuture<?> change, String what) {
    LOG.info("log {}: {}", log, what);
    underWay.put(
        log,
        change.whenComplete(
            (done, problem) -> {
              if (problem != null) {
                LOG.warn("log {}: not done, and tried again: {}: {}", log, what, reason(problem));
              }
            }));
  }

  private static String reason(Throwable problem) {
    Throwable cause = problem;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.toString();
  }

  /** A leader that is to go hands over first; null when it stays, or nobody else can take over. */
  private @Nullable String successor(Set<String> present, Set<String> wanted) {
    if (wanted.contains(self)) {
      return null;
    }
    return present.stream().filter(wanted::contains).sorted().findFirst().orElse(null);
  }

  /** Where half or more would be new, the new ones come first and the old ones go after. */
  private static List<Peer> majorityKept(List<Peer> present, List<Peer> wanted) {
    Set<String> before = ids(present);
    long kept = wanted.stream().filter(it -> before.contains(it.id())).count();
    boolean firstOfAll = present.size() == 1 && kept == 1 && wanted.size() == 2;
    if (wanted.size() - kept < kept || firstOfAll) {
      return wanted;
    }
    Map<String, Peer> both = new HashMap<>();
    present.forEach(it -> both.put(it.id(), it));
    for (Peer peer : wanted) {
      // One at a time, for the same reason.
      if (both.putIfAbsent(peer.id(), peer) == null) {
        break;
      }
    }
    return List.copyOf(both.values());
  }

  private static Set<String> ids(List<Peer> peers) {
    Set<String> ids = new HashSet<>();
    peers.forEach(it -> ids.add(it.id()));
    return ids;
  }
}
