package dev.reprise.server.internode;

import dev.reprise.cluster.checkpoint.Checkpoint;
import dev.reprise.cluster.checkpoint.CheckpointException;
import dev.reprise.cluster.checkpoint.CheckpointSource;
import dev.reprise.cluster.checkpoint.Peers;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.server.grpc.NodeTls;
import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The replicas that other nodes have of this node's logs: their checkpoints, and what their states
 * hashed to. It has connections of its own, so that what is fetched does not stand in the way of
 * questions. Any thread; what it gives blocks.
 */
public final class OtherReplicas implements AutoCloseable {
  private static final CheckpointSource NOBODY =
      (log, atLeast) -> {
        throw new CheckpointException("no other node of the cluster answers");
      };

  private final Membership membership;
  private final NodeConnections connections;
  private final String fingerprint;

  /**
   * Opens nothing yet.
   *
   * @param fingerprint of the cluster
   * @param tls how other nodes are spoken to
   */
  public OtherReplicas(Membership membership, String fingerprint, NodeTls tls) {
    this.membership = membership;
    this.fingerprint = fingerprint;
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
    return others.isEmpty() ? null : reached(others, connections::to);
  }

  /** Those behind these node-to-node ports, for a node that does not know its cluster any more. */
  public Peers at(Collection<Address> ports) {
    return reached(List.copyOf(ports), connections::at);
  }

  private <T> Peers reached(List<T> others, Function<T, @Nullable ManagedChannel> channels) {
    List<CheckpointSource> sources = new ArrayList<>();
    for (T other : others) {
      sources.add((log, atLeast) -> open(other, channels.apply(other), log, atLeast));
    }
    return new Peers(
        Math.max(1, others.size()),
        sources.isEmpty() ? NOBODY : CheckpointSource.firstOf(sources),
        (log, index, mine) -> hashes(others, channels, log, index, mine));
  }

  private Checkpoint open(Object other, @Nullable ManagedChannel channel, LogId log, long atLeast) {
    if (channel == null) {
      throw new CheckpointException(other + " is no member of the cluster");
    }
    try {
      return new RemoteCheckpoints(channel, fingerprint).open(log, atLeast);
    } catch (CheckpointException e) {
      throw new CheckpointException("from " + other + ": " + e.getMessage(), e);
    }
  }

  private <T> List<Long> hashes(
      List<T> others,
      Function<T, @Nullable ManagedChannel> channels,
      LogId log,
      long index,
      long mine) {
    List<Long> known = new ArrayList<>();
    for (T other : others) {
      ManagedChannel channel = channels.apply(other);
      Long hash =
          channel == null
              ? null
              : new RemoteCheckpoints(channel, fingerprint).hashAt(log, index, mine);
      if (hash != null) {
        known.add(hash);
      }
    }
    return known;
  }

  /** Cuts what is being fetched. */
  @Override
  public void close() {
    connections.close();
  }
}
