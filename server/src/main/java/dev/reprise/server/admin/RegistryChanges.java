package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.DeploymentAddress;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.MetadataCommand;
import dev.reprise.cluster.metadata.MetadataMachine;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import dev.reprise.cluster.metadata.MetadataUnavailableException;
import dev.reprise.cluster.metadata.Registrar;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.server.admin.Discovery.Discovered;
import dev.reprise.server.http.Response;
import dev.reprise.server.ingress.Refused;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How doors change the registry: ask the endpoint, then the registry's log. Any thread. */
final class RegistryChanges {
  static final long COMMIT_SECONDS = 15;

  private static final Logger LOG = LoggerFactory.getLogger(RegistryChanges.class);

  private final Registrar registrar;
  private final Discovery discovery;

  RegistryChanges(Registrar registrar, Discovery discovery) {
    this.registrar = registrar;
    this.discovery = discovery;
  }

  /**
   * What the endpoint serves, as a deployment.
   *
   * @param as gives id, metadata and creation time
   */
  CompletableFuture<Deployment> discover(
      DeploymentAddress address, Map<String, String> headers, Deployment as) {
    return discovery
        .discover(address, headers)
        .orTimeout(COMMIT_SECONDS * 4, TimeUnit.SECONDS)
        .thenApply(found -> deployment(address, headers, as, found));
  }

  private static Deployment deployment(
      DeploymentAddress address, Map<String, String> headers, Deployment as, Discovered found) {
    found.services().forEach(RegistryChanges::check);
    DeploymentAddress full =
        switch (address) {
          case DeploymentAddress.Http http -> http;
          case DeploymentAddress.Lambda lambda ->
              new DeploymentAddress.Lambda(lambda.arn(), lambda.assumeRoleArn(), found.zstd());
        };
    return new Deployment(
        as.id(),
        full,
        found.mode(),
        found.minProtocolVersion(),
        found.maxProtocolVersion(),
        found.sdkVersion(),
        headers,
        as.metadata(),
        as.createdAtMillis(),
        found.services());
  }

  /** Makes the change, or only says what it would do. */
  CompletableFuture<MetadataResult> make(MetadataCommand command, boolean dryRun) {
    return dryRun
        ? CompletableFuture.completedFuture(wouldDo(command))
        : registrar.propose(command).orTimeout(COMMIT_SECONDS, TimeUnit.SECONDS);
  }

  MetadataResult wouldDo(MetadataCommand command) {
    return MetadataMachine.apply(registrar.registry(), command).result();
  }

  static Response refusal(Rejected rejected) {
    int status =
        switch (rejected.kind()) {
          case CONFLICT -> 409;
          case MISFIT -> 400;
          case MISSING -> 404;
        };
    return AdminError.json(status, rejected.code(), rejected.message());
  }

  static Response error(Throwable problem) {
    Throwable cause =
        problem instanceof CompletionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    return switch (cause) {
      case AdminError it -> it.response();
      case DiscoveryException it ->
          AdminError.json(it.httpStatus(), it.code(), String.valueOf(it.getMessage()));
      case Refused it -> AdminError.json(503, null, String.valueOf(it.getMessage()));
      case MetadataUnavailableException it ->
          AdminError.json(503, null, String.valueOf(it.getMessage()));
      case TimeoutException it ->
          AdminError.json(503, null, "Expected the change to be committed in time; try again");
      default -> {
        LOG.error("changing the registry failed", cause);
        yield AdminError.json(500, null, "The change failed; the server's log says why");
      }
    };
  }

  private static void check(ServiceRevision service) {
    String name = service.name().toLowerCase(Locale.ROOT);
    if (name.startsWith("restate") || name.equals("openapi")) {
      throw AdminError.of(
          400,
          "META0005",
          "Expected a service name that is not reserved, but got '" + service.name() + "'");
    }
    if (!Boolean.TRUE.equals(service.options().ingressPrivate())) {
      return;
    }
    for (HandlerRevision handler : service.handlers().values()) {
      if (Boolean.FALSE.equals(handler.options().ingressPrivate())) {
        throw AdminError.of(
            400,
            null,
            "Expected the handlers of the private service '"
                + service.name()
                + "' to be private, but '"
                + handler.name()
                + "' is public");
      }
    }
  }
}
