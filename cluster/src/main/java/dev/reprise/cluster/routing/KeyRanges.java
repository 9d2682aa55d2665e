package dev.reprise.cluster.routing;

import dev.reprise.storage.model.InvocationId;

/**
 * Which partition holds which slice of the 64-bit key space. The slices are equal and in order;
 * their number is fixed when a cluster is provisioned.
 *
 * @param partitions how many, from 1
 */
public record KeyRanges(int partitions) {
  public KeyRanges {
    if (partitions < 1 || partitions > 65_535) {
      throw new IllegalArgumentException(
          "Expected from 1 to 65535 partitions, but got " + partitions);
    }
  }

  /** The partition of a key, from 0. */
  public int partitionOf(long partitionKey) {
    return (int) Math.unsignedMultiplyHigh(partitionKey, partitions);
  }

  public int partitionOf(InvocationId id) {
    return id.partitionAmong(partitions);
  }
}
