package dev.reprise.server.node;

import dev.reprise.server.admin.Discovery;
import dev.reprise.server.admin.DiscoveryException;
import dev.reprise.server.endpoint.EndpointDiscovery;
import java.util.concurrent.CompletionException;

/** The admin API's discovery, made over the invoker's connections. */
final class EndpointDiscoveries {
  private EndpointDiscoveries() {}

  static Discovery over(EndpointDiscovery endpoints) {
    return (address, headers) ->
        endpoints
            .discover(address, headers)
            .handle(
                (found, problem) -> {
                  if (found == null) {
                    throw new CompletionException(translated(problem));
                  }
                  return new Discovery.Discovered(
                      found.mode(),
                      found.minProtocolVersion(),
                      found.maxProtocolVersion(),
                      found.sdkVersion(),
                      found.zstd(),
                      found.services());
                });
  }

  private static Throwable translated(Throwable problem) {
    Throwable cause =
        problem instanceof CompletionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    return cause instanceof dev.reprise.server.endpoint.DiscoveryException known
        ? new DiscoveryException(
            known.code(), known.httpStatus(), String.valueOf(known.getMessage()))
        : cause;
  }
}
