package dev.reprise.cluster.metadata;

import java.util.concurrent.CompletableFuture;

/** Brings an entry of the metadata log to the node that leads it. Any thread; must not block. */
@FunctionalInterface
public interface Forwarder {
  /** Of a node that has no neighbours. */
  Forwarder NOBODY =
      entry ->
          CompletableFuture.failedFuture(
              new MetadataUnavailableException(
                  "Expected this node to lead the metadata, but it does not; try again"));

  /**
   * Completes when the leader has put the entry into its log; exceptionally with {@link
   * MetadataUnavailableException} when no leader was found, or it is unknown whether one has.
   */
  CompletableFuture<Void> forward(byte[] entry);
}
