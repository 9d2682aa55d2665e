package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.MetadataCommand;
import dev.reprise.cluster.metadata.MetadataMachine;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.cluster.metadata.MetadataUnavailableException;
import dev.reprise.cluster.metadata.Registrar;
import dev.reprise.cluster.metadata.Registry;
import java.util.concurrent.CompletableFuture;

/** A registry without a log. Any thread. */
final class LocalRegistrar implements Registrar {
  private volatile Registry registry;
  private volatile boolean available = true;

  LocalRegistrar(Registry registry) {
    this.registry = registry;
  }

  /** Nothing can be changed from now on. */
  void away() {
    available = false;
  }

  @Override
  public Registry registry() {
    return registry;
  }

  @Override
  public synchronized CompletableFuture<MetadataResult> propose(MetadataCommand command) {
    if (!available) {
      return CompletableFuture.failedFuture(new MetadataUnavailableException("not now"));
    }
    MetadataMachine.Step step = MetadataMachine.apply(registry, command);
    registry = step.registry();
    return CompletableFuture.completedFuture(step.result());
  }
}
