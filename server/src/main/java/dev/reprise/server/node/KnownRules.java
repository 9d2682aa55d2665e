package dev.reprise.server.node;

import dev.reprise.cluster.membership.ClusterCommand;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.cluster.metadata.MetadataCommand.ChangeCluster;
import dev.reprise.server.membership.Metadata;
import dev.reprise.storage.table.RuleVersion;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster is told which version of the rules this node's build knows. Any thread. */
final class KnownRules {
  private static final Logger logger = LoggerFactory.getLogger(KnownRules.class);

  private final ReplicaId self;
  private final Metadata metadata;
  private final AtomicBoolean telling = new AtomicBoolean();

  KnownRules(ReplicaId self, Metadata metadata) {
    this.self = self;
    this.metadata = metadata;
  }

  /**
   * What the cluster follows cannot be left to a build that does not know it.
   *
   * @throws NodeException if this is such a build
   */
  static void expect(ClusterView cluster) {
    if (cluster.rules() > RuleVersion.newest()) {
      throw new NodeException(
          "Expected a build that knows rules of version "
              + cluster.rules()
              + ", which this cluster follows, but this one knows version "
              + RuleVersion.newest()
              + " at most; start a newer one");
    }
  }

  /** Tells it, if it has been told something else; completes when that is done or has failed. */
  CompletableFuture<Void> tell() {
    Member member = metadata.cluster().member(self.node());
    if (member == null
        || !member.replica().equals(self)
        || member.rules() == RuleVersion.newest()
        || !telling.compareAndSet(false, true)) {
      return CompletableFuture.completedFuture(null);
    }
    return metadata
        .propose(new ChangeCluster(new ClusterCommand.Know(self, RuleVersion.newest())))
        .handle(
            (result, problem) -> {
              telling.set(false);
              logger.info(
                  "the cluster is told that this build knows rules of version {}: {}",
                  RuleVersion.newest(),
                  problem == null ? "done" : problem.getMessage());
              return null;
            });
  }
}
