package dev.reprise.server.endpoint;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceRevision;
import java.util.List;

/**
 * What an endpoint says that it serves.
 *
 * @param services their revision is 0 and their deployment id empty: whoever registers them knows
 * @param zstd whether, as a function, it takes bodies compressed with zstd
 * @param sdkVersion what the endpoint calls itself, empty when it says nothing
 */
public record Discovered(
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
