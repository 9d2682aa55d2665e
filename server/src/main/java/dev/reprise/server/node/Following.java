package dev.reprise.server.node;

import dev.reprise.server.membership.Metadata;
import dev.reprise.server.membership.Neighbourhood;
import dev.reprise.server.membership.Neighbourhood.Confirmed;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the copies on this node follow the metadata, on a thread that may block, turn by turn. */
final class Following {
  private static final Logger logger = LoggerFactory.getLogger(Following.class);

  private final Replicas replicas;
  private final Neighbourhood around;
  private final Metadata metadata;
  private final Executor background;
  private volatile boolean busy;
  private volatile long version = -1;
  private volatile long confirmations = -1;

  Following(Replicas replicas, Neighbourhood around, Metadata metadata, Executor background) {
    this.replicas = replicas;
    this.around = around;
    this.metadata = metadata;
    this.background = background;
  }

  /** Begins a turn if there is something new, and none is under way. Called by one thread only. */
  void wake() {
    boolean isNew =
        metadata.cluster().version() != version || around.confirmed().times() != confirmations;
    if (!busy && isNew) {
      busy = true;
      background.execute(
          () -> {
            try {
              turn();
            } catch (RuntimeException e) {
              logger.warn("the copies of this node do not follow the metadata yet", e);
            } finally {
              busy = false;
            }
          });
    }
  }

  /** Blocks while copies open and close. */
  void turn() {
    Confirmed confirmed = around.confirmed();
    long seen = metadata.cluster().version();
    replicas.follow(metadata.cluster(), confirmed);
    version = seen;
    confirmations = confirmed.times();
  }
}
