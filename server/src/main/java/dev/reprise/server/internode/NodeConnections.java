package dev.reprise.server.internode;

import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.server.grpc.NodeChannels;
import dev.reprise.server.grpc.NodeTls;
import io.grpc.ManagedChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to each node-to-node port of another node. Nothing is opened before it is needed.
 * Any thread.
 */
final class NodeConnections implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(NodeConnections.class);
  private static final int WINDOW_BYTES = 1 << 20;
  private static final long CLOSE_SECONDS = 5;

  /** Whoever waits for a node that has stopped without a word is told after these two. */
  private static final long KEEP_ALIVE_SECONDS = 20;

  private static final long SILENCE_SECONDS = 10;

  private final Membership membership;
  private final NodeTls tls;

  /** Guarded by this. */
  private final Map<Address, ManagedChannel> connections = new HashMap<>();

  private boolean closed;

  /**
   * @param tls how other nodes are spoken to
   */
  NodeConnections(Membership membership, NodeTls tls) {
    this.membership = membership;
    this.tls = tls;
  }

  /**
   * The connection to where the membership says that the node is; it connects by itself. Null when
   * there is no such node, or these connections are closed.
   */
  @Nullable ManagedChannel to(NodeId node) {
    Member member = membership.view().member(node);
    return member == null ? null : at(member.addresses().internode());
  }

  /** The connection to this port; null when these connections are closed. */
  synchronized @Nullable ManagedChannel at(Address address) {
    return closed ? null : connections.computeIfAbsent(address, this::connect);
  }

  /** Its callbacks run on gRPC's event loops, and only hand over. */
  private ManagedChannel connect(Address address) {
    return NodeChannels.to(address.toString(), tls)
        .directExecutor()
        .disableRetry()
        .maxInboundMessageSize(InternodeService.MESSAGE_BYTES)
        .flowControlWindow(WINDOW_BYTES)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(SILENCE_SECONDS, TimeUnit.SECONDS)
        .build();
  }

  /** Cuts all of them, and returns when they are gone. */
  @Override
  public synchronized void close() {
    closed = true;
    connections.values().forEach(ManagedChannel::shutdownNow);
    connections.forEach(NodeConnections::awaitEnd);
    connections.clear();
  }

  private static void awaitEnd(Address address, ManagedChannel channel) {
    try {
      if (!channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        logger.warn("the connection to {} did not close in order", address);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
