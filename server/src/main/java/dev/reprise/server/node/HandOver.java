package dev.reprise.server.node;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.membership.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Before a planned stop, what this node leads goes to others. */
final class HandOver {
  private static final Logger logger = LoggerFactory.getLogger(HandOver.class);
  private static final long SECONDS = 8;

  private HandOver() {}

  /** All logs at once. Returns when others lead them, or it has taken too long. Blocks. */
  static void of(ReplicatedLogs logs, ClusterView view) {
    List<LogId> all = new ArrayList<>(List.of(LogId.METADATA));
    view.partitions().forEach(it -> all.add(LogId.partition(it.partition())));
    List<CompletableFuture<?>> moves = new ArrayList<>();
    for (LogId log : all) {
      LogMembers members = logs.members(log);
      if (members != null && members.leads()) {
        moves.add(members.stepDown().thenAccept(done -> say(log, done)));
      }
    }
    try {
      CompletableFuture.allOf(moves.toArray(CompletableFuture<?>[]::new))
          .orTimeout(SECONDS, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      logger.warn("not all leadership was handed over within {} s", SECONDS, e);
    }
  }

  private static void say(LogId log, boolean done) {
    if (done) {
      logger.info("leadership of {} is handed over", log);
    } else {
      logger.warn("leadership of {} could not be handed over; the others elect", log);
    }
  }
}
