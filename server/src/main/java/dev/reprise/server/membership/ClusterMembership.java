package dev.reprise.server.membership;

import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.ReplicaId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node knows of its cluster. Who leads is looked up in the logs that it takes part in,
 * and otherwise taken from what the others report.
 */
public final class ClusterMembership implements Membership {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterMembership.class);

  private final NodeId self;
  private final Supplier<ClusterView> view;
  private final AtomicReferenceArray<@Nullable NodeId> hints;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Guarded by this. */
  private long toldVersion = -1;

  /**
   * Nobody leads until {@link #look} finds out.
   *
   * @param partitions how many
   */
  public ClusterMembership(NodeId self, int partitions, Supplier<ClusterView> view) {
    this.self = self;
    this.view = view;
    this.hints = new AtomicReferenceArray<>(partitions);
  }

  @Override
  public NodeId self() {
    return self;
  }

  @Override
  public ClusterView view() {
    return view.get();
  }

  @Override
  public @Nullable NodeId leaderHint(int partition) {
    return partition >= 0 && partition < hints.length() ? hints.get(partition) : null;
  }

  @Override
  public Subscription onChange(Runnable changed) {
    listeners.add(changed);
    return () -> listeners.remove(changed);
  }

  /** Whether somebody is known to lead each partition. */
  public boolean knowsLeaders() {
    for (int partition = 0; partition < hints.length(); partition++) {
      if (hints.get(partition) == null) {
        return false;
      }
    }
    return true;
  }

  /** A node that is alone leads all it has. */
  public void leadAll() {
    for (int partition = 0; partition < hints.length(); partition++) {
      hints.set(partition, self);
    }
  }

  /**
   * Looks who leads now, and tells whoever listens when something is different.
   *
   * @param reported what the others say, for partitions without a copy here
   */
  synchronized void look(ReplicatedLogs logs, IntFunction<@Nullable NodeId> reported) {
    boolean changed = false;
    for (int partition = 0; partition < hints.length(); partition++) {
      LogMembers members = logs.members(LogId.partition(partition));
      NodeId leader = members == null ? reported.apply(partition) : node(members.leader());
      NodeId before = hints.getAndSet(partition, leader);
      changed |= leader == null ? before != null : !leader.equals(before);
    }
    long version = view().version();
    if (changed || version != toldVersion) {
      toldVersion = version;
      tell();
    }
  }

  private static @Nullable NodeId node(@Nullable String peer) {
    return peer == null || peer.isEmpty() ? null : ReplicaId.parse(peer).node();
  }

  private void tell() {
    for (Runnable listener : listeners) {
      try {
        listener.run();
      } catch (RuntimeException e) {
        LOG.warn("whoever listens for changes of the cluster failed", e);
      }
    }
  }
}
