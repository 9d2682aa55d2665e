package dev.reprise.cluster.membership;

import org.jspecify.annotations.Nullable;

/** What this node knows of its cluster. Any thread; never blocks. */
public interface Membership {
  /** This node. */
  NodeId self();

  /** The newest that this node knows; another node may know more. */
  ClusterView view();

  /**
   * The node that led the partition when this node last heard of it; null when it has not, or heard
   * that nobody does. It may lead no more.
   */
  @Nullable NodeId leaderHint(int partition);

  /**
   * Calls back after each change of the view or of a hint, until closed. On any thread, which must
   * not be blocked; changes that follow each other closely may be told as one.
   */
  Subscription onChange(Runnable changed);

  /** Ends the calls when closed; one may be under way. */
  @FunctionalInterface
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
