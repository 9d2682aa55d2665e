package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.DeploymentAddress;
import dev.reprise.cluster.metadata.ServiceRevision;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks a service endpoint what it serves. Any thread; never blocks. */
@FunctionalInterface
public interface Discovery {
  /**
   * Asks; fails with a {@link DiscoveryException}.
   *
   * @param headers added to the request
   */
  CompletableFuture<Discovered> discover(DeploymentAddress address, Map<String, String> headers);

  /**
   * What an endpoint says of itself.
   *
   * @param sdkVersion empty when it said nothing
   * @param zstd whether, as a function, it takes bodies compressed with zstd
   * @param services revision and deployment id in them mean nothing yet
   */
  record Discovered(
      ProtocolMode mode,
      int minProtocolVersion,
      int maxProtocolVersion,
      String sdkVersion,
      boolean zstd,
      List<ServiceRevision> services) {
    public Discovered {
      services = List.copyOf(services);
    }
  }
}
