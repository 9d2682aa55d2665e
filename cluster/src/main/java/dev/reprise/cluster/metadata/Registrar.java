package dev.reprise.cluster.metadata;

import java.util.concurrent.CompletableFuture;

/** Reads and changes the registry. Any thread. */
public interface Registrar {
  /** The newest registry that this node knows. Never blocks. */
  Registry registry();

  /**
   * Proposes the command. Completes when it is applied here, on the thread that applies, which must
   * not be blocked; or exceptionally with {@link MetadataUnavailableException}.
   */
  CompletableFuture<MetadataResult> propose(MetadataCommand command);
}
