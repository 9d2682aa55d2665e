package dev.reprise.server.node;

import dev.reprise.cluster.membership.Member;
import dev.reprise.server.admin.NodeApi;
import dev.reprise.server.http.HttpServer;
import dev.reprise.server.membership.Identity;
import dev.reprise.server.metrics.NodeMetrics;
import dev.reprise.server.net.EventLoops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The node port. It opens first and closes last: other nodes ask here who this one is, while it
 * still looks for its cluster.
 */
final class NodeDoor implements AutoCloseable {
  private final HttpServer server;
  private volatile Identity identity;

  private NodeDoor(HttpServer server, Identity identity) {
    this.server = server;
    this.identity = identity;
  }

  static NodeDoor open(
      NodeConfig config,
      EventLoops loops,
      NodeMetrics metrics,
      Executor background,
      Member.Addresses addresses,
      boolean tls)
      throws IOException {
    Identity unknown = new Identity(config.clusterName(), config.nodeName(), addresses, tls, null);
    Shown shown = new Shown(unknown);
    HttpServer server =
        HttpServer.start(
            new HttpServer.Loops(loops.group(), loops.group(), loops.serverChannel()),
            new InetSocketAddress(config.bindHost(), config.ports().node()),
            new NodeApi(metrics, background, shown::json),
            config.http());
    NodeDoor door = new NodeDoor(server, unknown);
    shown.of = door;
    return door;
  }

  /** The door is made after what it shows. */
  private static final class Shown {
    private final Identity first;
    private volatile @Nullable NodeDoor of;

    Shown(Identity first) {
      this.first = first;
    }

    byte[] json() {
      NodeDoor door = of;
      return (door == null ? first : door.identity).toJson();
    }
  }

  /** Who the node says it is. */
  Identity identity() {
    return identity;
  }

  /** From now on it says this. */
  void show(Identity.Known known) {
    Identity before = identity;
    identity =
        new Identity(before.cluster(), before.name(), before.addresses(), before.tls(), known);
  }

  InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }
}
