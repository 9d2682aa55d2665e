package dev.reprise.server.node;

import dev.reprise.server.grpc.NodeTls;
import dev.reprise.server.membership.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a node speaks to others: as it was told, kept as the files have it. */
final class NodeLinks {
  private static final Logger logger = LoggerFactory.getLogger(NodeLinks.class);
  private static final Duration LOOK = Duration.ofSeconds(5);

  private NodeLinks() {}

  /**
   * Reads the certificates, and looks after them from then on.
   *
   * @throws IOException with what was expected in which file
   */
  static NodeTls open(NodeConfig config, Peers peers, Closing undo) throws IOException {
    NodeTls.Sources sources = config.cluster().tls();
    if (sources != null) {
      NodeTls tls = NodeTls.of(sources);
      undo.add(new Periodic("certificates", LOOK, tls::reload));
      return tls;
    }
    if (!peers.areNone() && !InetAddress.getByName(config.bindHost()).isLoopbackAddress()) {
      logger.warn(
          "nodes speak to each other without TLS, on {}: whoever reaches these ports can read and"
              + " write everything; keep them among the nodes, or give"
              + " --cluster-certificate-pem-file and the two after it",
          config.bindHost());
    }
    return NodeTls.NONE;
  }
}
