package dev.reprise.server.internode;

import dev.reprise.cluster.checkpoint.Checkpoint;
import dev.reprise.cluster.checkpoint.CheckpointException;
import dev.reprise.cluster.checkpoint.CheckpointSource;
import dev.reprise.cluster.checkpoint.Peers;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.server.grpc.NodeTls;
import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The replicas that other nodes have of this node's logs: their checkpoints, and what their states
 * hashed to. It has connections of its own, so that what is fetched does not stand in the way of
 * questions. Any thread; what it gives blocks.
 */
public final class OtherReplicas implements AutoCloseable {
  private final Membership membership;
  private final NodeConnections connections;

  /**
   * Opens nothing yet.
   *
   * @param tls how other nodes are spoken to
   */
  public OtherReplicas(Membership membership, NodeTls tls) {
    this.membership = membership;
    this.connections = new NodeConnections(membership, tls);
  }

  /**
   * Those on these nodes but this one; null when there are none.
   *
   * @param nodes all that have a replica of the log
   */
  public @Nullable Peers on(Collection<NodeId> nodes) {
    List<NodeId> others =
        nodes.stream().filter(it -> !it.equals(membership.self())).sorted().toList();
    if (others.isEmpty()) {
      return null;
    }
    List<CheckpointSource> sources = new ArrayList<>();
    for (NodeId node : others) {
      sources.add((log, atLeast) -> open(node, log, atLeast));
    }
    return new Peers(
        others.size(),
        CheckpointSource.firstOf(sources),
        (log, index, mine) -> hashes(others, log, index, mine));
  }

  private Checkpoint open(NodeId node, LogId log, long atLeast) {
    RemoteCheckpoints there = at(node);
    if (there == null) {
      throw new CheckpointException(node + " is no member of the cluster");
    }
    try {
      return there.open(log, atLeast);
    } catch (CheckpointException e) {
      throw new CheckpointException("from " + node + ": " + e.getMessage(), e);
    }
  }

  private List<Long> hashes(List<NodeId> nodes, LogId log, long index, long mine) {
    List<Long> known = new ArrayList<>();
    for (NodeId node : nodes) {
      RemoteCheckpoints there = at(node);
      Long hash = there == null ? null : there.hashAt(log, index, mine);
      if (hash != null) {
        known.add(hash);
      }
    }
    return known;
  }

  private @Nullable RemoteCheckpoints at(NodeId node) {
    ManagedChannel channel = connections.to(node);
    return channel == null ? null : new RemoteCheckpoints(channel, membership.view().fingerprint());
  }

  /** Cuts what is being fetched. */
  @Override
  public void close() {
    connections.close();
  }
}
