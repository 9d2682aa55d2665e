package dev.reprise.cluster.partition;

import java.time.Duration;

/**
 * What can be set for the leaders of a node.
 *
 * @param node this node's name, for people
 * @param window log entries in flight per partition
 * @param timersInMemory per partition; further ones stay in their table
 * @param cleanupInterval how often retention is looked after
 * @param flushBytes of log entries applied before the store is made durable: bounds what a restart
 *     applies again, and what the log must keep
 * @param checkInterval how often the replicas compare their states, zero for never: a node that is
 *     alone has nobody to compare with
 */
public record PartitionSettings(
    String node,
    int window,
    int timersInMemory,
    Duration cleanupInterval,
    long flushBytes,
    Duration checkInterval) {
  /** What a node uses. */
  public static final long FLUSH_BYTES = 64L << 20;

  /** With the usual bound of what is not durable in the store. */
  public PartitionSettings(String node, int window, int timersInMemory, Duration cleanupInterval) {
    this(node, window, timersInMemory, cleanupInterval, FLUSH_BYTES, Duration.ZERO);
  }

  /** The same, but for a node with others: the replicas compare their states this often. */
  public PartitionSettings checked(Duration interval) {
    return new PartitionSettings(
        node, window, timersInMemory, cleanupInterval, flushBytes, interval);
  }

  /** Whether the replicas compare their states. */
  boolean compares() {
    return !checkInterval.isZero();
  }

  public static PartitionSettings of(String node) {
    return new PartitionSettings(node, 4, 4_096, Duration.ofMinutes(1));
  }
}
