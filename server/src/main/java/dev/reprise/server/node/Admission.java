package dev.reprise.server.node;

import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.server.grpc.GrpcDoor;
import dev.reprise.server.grpc.NodeTls;
import dev.reprise.server.membership.Entrance;
import dev.reprise.server.membership.Identity;
import dev.reprise.server.membership.Peers;
import dev.reprise.server.membership.Provisioning;
import dev.reprise.server.node.NodeDirectory.Owner;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who this node is in its cluster: as its directory says, or as it becomes. */
final class Admission {
  private static final Logger logger = LoggerFactory.getLogger(Admission.class);
  private static final int DEFAULT_PARTITIONS = 2;

  /** Whoever founds a cluster is its first node, on its first disk. */
  static final ReplicaId FOUNDER = new ReplicaId(new NodeId(1), 1);

  private Admission() {}

  /**
   * Blocks while there is no cluster to be in. From then on the directory is the node's own.
   *
   * @throws NodeException if it is not let in
   */
  static Owner of(
      NodeConfig config,
      NodeDirectory directory,
      NodeDoor door,
      Peers peers,
      NodeTls tls,
      RandomGenerator random)
      throws IOException {
    Owner owner = directory.owner();
    if (owner == null) {
      owner =
          peers.areNone()
              ? founder(config, random)
              : enter(config, door.identity(), peers, tls, random);
      directory.mark(config, owner);
    }
    door.show(new Identity.Known(owner.replica(), owner.fingerprint()));
    return owner;
  }

  private static Owner enter(
      NodeConfig config, Identity self, Peers peers, NodeTls tls, RandomGenerator random)
      throws IOException {
    NodeConfig.Cluster cluster = config.cluster();
    Entrance.Founding founding =
        new Entrance.Founding(cluster.autoProvision(), cluster.expectedNodes());
    Entrance entrance = new Entrance(self, cluster.zone(), peers, founding, tls);
    logger.info("{} looks for cluster {} at {}", self.name(), self.cluster(), peers);
    Provisioning provisioning = new Provisioning();
    InetSocketAddress grpc = new InetSocketAddress(config.hosts().grpc(), config.ports().grpc());
    try (GrpcDoor door = GrpcDoor.early(grpc, List.of(provisioning))) {
      logger.debug("can be told to found a cluster on port {}", door.port());
      return switch (entrance.enter(provisioning::isAsked, () -> true)) {
        case Entrance.Outcome.Founds founds -> founder(config, random);
        case Entrance.Outcome.Joined joined ->
            new Owner(joined.replica(), joined.fingerprint(), joined.partitions());
      };
    } catch (Entrance.Refused e) {
      throw new NodeException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Owner founder(NodeConfig config, RandomGenerator random) {
    int partitions = config.partitions() == 0 ? DEFAULT_PARTITIONS : config.partitions();
    return new Owner(FOUNDER, HexFormat.of().toHexDigits(random.nextLong()), partitions);
  }
}
