package dev.reprise.server.node;

import dev.reprise.server.http.HttpLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long the HTTP ports wait for their clients. */
final class HttpFlags {
  @Option(
      names = "--http-request-timeout",
      paramLabel = "SECONDS",
      defaultValue = "${env:REPRISE_HTTP_REQUEST_TIMEOUT:-30}",
      description =
          "for a request's head, and for each next piece of its body (default: ${DEFAULT-VALUE})")
  int requestSeconds;

  @Option(
      names = "--http-idle-timeout",
      paramLabel = "SECONDS",
      defaultValue = "${env:REPRISE_HTTP_IDLE_TIMEOUT:-600}",
      description =
          "after which a connection that asks nothing is closed (default: ${DEFAULT-VALUE})")
  int idleSeconds;

  /** Throws {@link NodeException} where a time is none. */
  HttpLimits limits() {
    if (requestSeconds < 1 || idleSeconds < 1) {
      throw new NodeException(
          "Expected --http-request-timeout and --http-idle-timeout of at least 1 s");
    }
    return HttpLimits.DEFAULT.with(
        Duration.ofSeconds(requestSeconds), Duration.ofSeconds(idleSeconds));
  }
}
