package dev.reprise.cluster.forwarding;

import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;

/** The membership of a node that has no others: whoever leads, leads here. */
final class Alone implements Membership {
  private static final NodeId SELF = new NodeId(1);

  @Override
  public NodeId self() {
    return SELF;
  }

  @Override
  public ClusterView view() {
    return ClusterView.NOTHING;
  }

  @Override
  public NodeId leaderHint(int partition) {
    return SELF;
  }

  @Override
  public Subscription onChange(Runnable changed) {
    return () -> {};
  }
}
