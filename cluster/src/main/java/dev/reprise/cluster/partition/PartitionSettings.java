package dev.reprise.cluster.partition;

import java.time.Duration;

/**
 * What can be set for the leaders of a node.
 *
 * @param node this node's name, for people
 * @param window log entries in flight per partition
 * @param timersInMemory per partition; further ones stay in their table
 * @param cleanupInterval how often retention is looked after
 */
public record PartitionSettings(
    String node, int window, int timersInMemory, Duration cleanupInterval) {
  public static PartitionSettings of(String node) {
    return new PartitionSettings(node, 4, 4_096, Duration.ofMinutes(1));
  }
}
