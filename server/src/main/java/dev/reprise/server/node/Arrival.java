package dev.reprise.server.node;

import dev.reprise.cluster.membership.ClusterCommand;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.metadata.MetadataCommand.ChangeCluster;
import dev.reprise.cluster.metadata.MetadataUnavailableException;
import dev.reprise.server.membership.Neighbourhood;
import dev.reprise.storage.table.RuleVersion;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a starting node waits for: to be a member of its cluster, which it founds if it is to.
 * Confined to the starting thread.
 */
final class Arrival {
  private static final Logger logger = LoggerFactory.getLogger(Arrival.class);

  /** A node that is alone waits for nobody else: longer than this is a defect. */
  static final long ALONE_SECONDS = 120;

  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long KNOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final ClusterSide.Self self;
  private final MetadataKeeper metadata;
  private final boolean founds;

  /** Null for a node that is alone. */
  private final @Nullable Neighbourhood neighbours;

  private long knockedAt = System.nanoTime() - KNOCK_NANOS;

  /**
   * @param founds whether this node began the metadata's log
   */
  Arrival(
      ClusterSide.Self self,
      MetadataKeeper metadata,
      boolean founds,
      @Nullable Neighbourhood neighbours) {
    this.self = self;
    this.metadata = metadata;
    this.founds = founds;
    this.neighbours = neighbours;
  }

  /**
   * Blocks until the node is a member.
   *
   * @throws NodeException if it cannot be, or not at these addresses
   */
  void awaitMembership() {
    int others = metadata.cluster().members().size() - 1;
    if (self.alone() && others > 0) {
      throw new NodeException(
          "Expected --peers, as this node is in a cluster with "
              + others
              + (others == 1 ? " other" : " others")
              + "; give it again");
    }
    if (!founds) {
      await("to be shown the cluster by the leader of its metadata", this::shown, Long.MAX_VALUE);
    } else if (!metadata.cluster().isFounded()) {
      await("to found its cluster", this::founded, self.alone() ? ALONE_SECONDS : Long.MAX_VALUE);
    }
    KnownRules.expect(metadata.cluster());
    Member member = metadata.cluster().member(self.replica().node());
    if (member != null
        && member.replica().equals(self.replica())
        && !self.alone()
        && !member.addresses().equals(self.identity().addresses())) {
      throw new NodeException(
          "Expected the addresses that this node has in its cluster, "
              + member.addresses()
              + ", but got "
              + self.identity().addresses()
              + "; give it these ports and --advertised-host again, or empty its directory, so that"
              + " it joins anew");
    }
  }

  private boolean shown() {
    if (isMember()) {
      return true;
    }
    if (neighbours != null && System.nanoTime() - knockedAt > KNOCK_NANOS) {
      neighbours.knock(Addressing.peers(self.config()), self.owner().fingerprint());
      knockedAt = System.nanoTime();
    }
    return false;
  }

  private boolean isMember() {
    Member member = metadata.cluster().member(self.replica().node());
    return member != null && member.generation() >= self.replica().generation();
  }

  /** After a restart the log may tell that it is founded; the store need not know yet. */
  private boolean founded() {
    if (!metadata.cluster().isFounded() && metadata.leads()) {
      found();
    }
    return metadata.cluster().isFounded();
  }

  private void found() {
    NodeConfig config = self.config();
    ClusterCommand found =
        new ClusterCommand.Found(
            config.clusterName(),
            self.owner().fingerprint(),
            new ClusterCommand.Newcomer(
                config.nodeName(),
                config.cluster().zone(),
                self.identity().addresses(),
                RuleVersion.newest()),
            self.owner().partitions(),
            config.cluster().replication());
    try {
      var unused =
          metadata
              .propose(new ChangeCluster(found))
              .orTimeout(ALONE_SECONDS, TimeUnit.SECONDS)
              .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MetadataUnavailableException) {
        // It led, and does not any more: a busy disk is enough. It will again.
        logger.info("the cluster is not founded yet: {}", e.getCause().getMessage());
        return;
      }
      throw new NodeException("The cluster could not be founded: " + e.getCause(), e);
    }
    if (!self.alone()) {
      logger.info("founded cluster {} as {}", config.clusterName(), self.replica());
    }
  }

  /** A neighbour with TLS where this node has none, or the other way round, is never met. */
  private void warnOfUnlike() {
    String unlike =
        neighbours == null
            ? null
            : neighbours.unlike(Addressing.peers(self.config()), self.identity());
    if (unlike != null) {
      logger.warn("{}", unlike);
    }
  }

  /**
   * Blocks until it is so. Says now and then what it waits for.
   *
   * @param what for people, after "waits" and "Expected"
   * @throws NodeException after so many seconds, once the cluster does not want this node, or when
   *     the thread is interrupted
   */
  void await(String what, BooleanSupplier condition, long seconds) {
    long begin = System.nanoTime();
    long said = begin;
    while (!condition.getAsBoolean()) {
      long now = System.nanoTime();
      if (TimeUnit.NANOSECONDS.toSeconds(now - begin) >= seconds) {
        throw new NodeException(
            "Expected " + what + " within " + seconds + " s; the log above says why it is not so");
      }
      String why = neighbours == null ? null : neighbours.expelled().getNow("");
      if (why != null && !why.isEmpty()) {
        throw new NodeException(why);
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new NodeException("Expected " + what + ", but was interrupted");
      }
      if (now - said > LINE_NANOS) {
        said = now;
        logger.info("waits {}", what);
        warnOfUnlike();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
