package dev.reprise.cluster.membership;

import java.util.Comparator;

/**
 * A copy on one node's disk. When the disk is lost, the copies that come after are of the node's
 * next generation: what the old ones promised, they never keep and never break.
 */
public record ReplicaId(NodeId node, int generation) implements Comparable<ReplicaId> {
  private static final Comparator<ReplicaId> ORDER =
      Comparator.comparing(ReplicaId::node).thenComparingInt(ReplicaId::generation);

  public ReplicaId {
    if (generation < 1) {
      throw new IllegalArgumentException("Expected a generation from 1, but got " + generation);
    }
  }

  /**
   * Reads what {@link #toString} gives.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  public static ReplicaId parse(String text) {
    int dot = text.indexOf('.');
    try {
      return new ReplicaId(
          NodeId.parse(text.substring(0, Math.max(0, dot))),
          Integer.parseInt(text.substring(dot + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Expected a replica such as N3.1, but got '" + text + "'", e);
    }
  }

  @Override
  public int compareTo(ReplicaId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return node + "." + generation;
  }
}
