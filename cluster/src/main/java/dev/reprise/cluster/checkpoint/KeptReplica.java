package dev.reprise.cluster.checkpoint;

import java.util.concurrent.CompletableFuture;

/** An open replica, as its {@link ReplicaKeeper} sees it. Any thread. */
public interface KeptReplica extends Offering, AutoCloseable {
  /** Completes, with why, when it cannot go on until it is opened again. */
  CompletableFuture<Throwable> failure();

  /** What its state hashed to. */
  Witness witness();

  /** Takes no part any more. The store is closed by the keeper, afterwards. */
  @Override
  void close();
}
