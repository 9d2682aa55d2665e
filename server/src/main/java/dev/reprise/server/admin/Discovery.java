package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
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
   * @param uri base address, with a trailing slash
   * @param headers added to the request
   * @param http11 speak HTTP/1.1 instead of HTTP/2
   */
  CompletableFuture<Discovered> discover(String uri, Map<String, String> headers, boolean http11);

  /**
   * What an endpoint says of itself.
   *
   * @param sdkVersion empty when it said nothing
   * @param services revision and deployment id in them mean nothing yet
   */
  record Discovered(
      ProtocolMode mode,
      int minProtocolVersion,
      int maxProtocolVersion,
      String sdkVersion,
      List<ServiceRevision> services) {
    public Discovered {
      services = List.copyOf(services);
    }
  }
}
