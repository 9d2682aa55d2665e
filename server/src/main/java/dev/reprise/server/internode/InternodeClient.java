package dev.reprise.server.internode;

import dev.reprise.api.internode.v1.Hello;
import dev.reprise.cluster.forwarding.OtherNodes;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Question;
import dev.reprise.server.grpc.NodeTls;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/**
 * Asks other nodes: one connection to each, and on it one stream for each loop. Nothing is opened
 * before it is needed.
 */
public final class InternodeClient implements OtherNodes, AutoCloseable {
  private final Membership membership;
  private final IntFunction<? extends Loop> loops;
  private final InternodeLimits limits;
  private final Map<Key, NodeStream> streams = new ConcurrentHashMap<>();
  private final NodeConnections connections;

  private record Key(NodeId node, Loop loop) {}

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
    this.connections = new NodeConnections(membership, tls);
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
        () -> connections.to(key.node()),
        () -> hello(key.node()));
  }

  private Hello hello(NodeId node) {
    return Hello.newBuilder()
        .setClusterFingerprint(membership.view().fingerprint())
        .setFromNode(membership.self().number())
        .setToNode(node.number())
        .build();
  }

  /** Breaks all streams: whoever waits is told. Returns when the connections are gone. */
  @Override
  public void close() {
    streams.forEach((key, stream) -> key.loop().execute(stream::close));
    connections.close();
  }
}
