package dev.reprise.server.internode;

import dev.reprise.api.internode.v1.Hello;
import dev.reprise.cluster.forwarding.OtherNodes;
import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Question;
import dev.reprise.server.grpc.NodeTls;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other nodes: one connection to each, and on it one stream for each loop. Nothing is opened
 * before it is needed.
 */
public final class InternodeClient implements OtherNodes, AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(InternodeClient.class);
  private static final int WINDOW_BYTES = 1 << 20;

  private final Membership membership;
  private final IntFunction<? extends Loop> loops;
  private final InternodeLimits limits;
  private final NodeTls tls;
  private final Map<Key, NodeStream> streams = new ConcurrentHashMap<>();

  /** Guarded by this. */
  private final Map<NodeId, Connection> connections = new HashMap<>();

  private record Key(NodeId node, Loop loop) {}

  private record Connection(Address address, ManagedChannel channel) {}

  /**
   * Opens nothing yet.
   *
   * @param loops the loop of each partition
   * @param tls how other nodes are spoken to
   */
  public InternodeClient(
      Membership membership,
      IntFunction<? extends Loop> loops,
      InternodeLimits limits,
      NodeTls tls) {
    this.membership = membership;
    this.loops = loops;
    this.limits = limits;
    this.tls = tls;
  }

  @Override
  public Loop.Cancellable ask(NodeId node, int partition, Question question, Heard heard) {
    return streams
        .computeIfAbsent(new Key(node, loops.apply(partition)), this::stream)
        .ask(partition, question, heard);
  }

  private NodeStream stream(Key key) {
    return new NodeStream(
        "node " + key.node(),
        key.loop(),
        limits,
        () -> channel(key.node()),
        () -> hello(key.node()));
  }

  private Hello hello(NodeId node) {
    return Hello.newBuilder()
        .setClusterFingerprint(membership.view().fingerprint())
        .setFromNode(membership.self().number())
        .setToNode(node.number())
        .build();
  }

  /** The connection to where the node is now; it connects by itself. */
  private synchronized @Nullable ManagedChannel channel(NodeId node) {
    Member member = membership.view().member(node);
    Connection last = connections.get(node);
    if (member == null) {
      return null;
    }
    Address address = member.addresses().internode();
    if (last != null && last.address().equals(address)) {
      return last.channel();
    }
    if (last != null) {
      last.channel().shutdownNow();
    }
    ManagedChannel channel = connect(address);
    connections.put(node, new Connection(address, channel));
    return channel;
  }

  /** Its callbacks run on gRPC's event loops, and only hand over. */
  private ManagedChannel connect(Address address) {
    return NettyChannelBuilder.forAddress(address.host(), address.port(), tls.channel())
        .directExecutor()
        .disableRetry()
        .proxyDetector(target -> null)
        .maxInboundMessageSize(InternodeService.MESSAGE_BYTES)
        .flowControlWindow(WINDOW_BYTES)
        .build();
  }

  /** Breaks all streams: whoever waits is told. Returns when the connections are gone. */
  @Override
  public void close() {
    streams.forEach((key, stream) -> key.loop().execute(stream::close));
    synchronized (this) {
      connections.values().forEach(it -> it.channel().shutdownNow());
      connections.values().forEach(InternodeClient::awaitEnd);
      connections.clear();
    }
  }

  private static void awaitEnd(Connection connection) {
    try {
      if (!connection.channel().awaitTermination(5, TimeUnit.SECONDS)) {
        logger.warn("the connection to {} did not close in order", connection.address());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
