package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.MetadataCommand.RegisterDeployment;
import dev.reprise.cluster.metadata.MetadataMachine;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.cluster.metadata.MetadataResult.Created;
import dev.reprise.cluster.metadata.MetadataResult.Existing;
import dev.reprise.cluster.metadata.MetadataResult.Overwritten;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import dev.reprise.cluster.metadata.MetadataUnavailableException;
import dev.reprise.cluster.metadata.Registrar;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.server.admin.Discovery.Discovered;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.storage.model.DeploymentIds;
import io.netty.util.AsciiString;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers deployments: asks the endpoint, then the registry's log. An address that is known
 * already is neither asked nor changed, unless that is forced. Any thread; never blocks.
 */
public final class Registrations {
  static final AsciiString LOCATION = AsciiString.cached("location");

  private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);
  private static final long COMMIT_SECONDS = 15;

  private final Registrar registrar;
  private final Discovery discovery;
  private final RegistryViews views;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * Registrations of a node.
   *
   * @param random draws deployment ids; must be safe for any thread
   */
  public Registrations(
      Registrar registrar,
      Discovery discovery,
      RegistryViews views,
      InstantSource clock,
      RandomGenerator random) {
    this.registrar = registrar;
    this.discovery = discovery;
    this.views = views;
    this.clock = clock;
    this.random = random;
  }

  void register(Exchange exchange, int apiVersion) {
    RegisterRequest request = RegisterRequest.parse(exchange);
    boolean force = request.force() != null ? request.force() : apiVersion == 2;
    Deployment known = MetadataMachine.findByUri(registrar.registry(), request.uri().toString());
    if (known != null && !force) {
      exchange.respond(answer(new Existing(known), apiVersion));
      return;
    }
    var unused =
        discovery
            .discover(request.uri().toString(), request.headers(), request.http11())
            .thenCompose(found -> register(request, found, force))
            .orTimeout(COMMIT_SECONDS * 4, TimeUnit.SECONDS)
            .thenApply(result -> answer(result, apiVersion))
            .exceptionally(Registrations::error)
            .thenAccept(exchange::respond);
  }

  private CompletableFuture<MetadataResult> register(
      RegisterRequest request, Discovered found, boolean force) {
    found.services().forEach(Registrations::check);
    Deployment deployment =
        new Deployment(
            DeploymentIds.of(random.nextLong(), random.nextLong()),
            request.uri().toString(),
            found.mode(),
            request.http11(),
            found.minProtocolVersion(),
            found.maxProtocolVersion(),
            found.sdkVersion(),
            request.headers(),
            request.metadata(),
            clock.millis(),
            found.services());
    RegisterDeployment command = new RegisterDeployment(deployment, force, request.breaking());
    return request.dryRun()
        ? CompletableFuture.completedFuture(
            MetadataMachine.apply(registrar.registry(), command).result())
        : registrar.propose(command).orTimeout(COMMIT_SECONDS, TimeUnit.SECONDS);
  }

  private Response answer(MetadataResult result, int apiVersion) {
    return switch (result) {
      case Created it -> views.registered(201, it.deployment());
      case Overwritten it -> views.registered(apiVersion == 2 ? 201 : 200, it.deployment());
      case Existing it ->
          apiVersion == 2
              ? AdminError.json(
                  409, null, "Conflict: deployment " + it.deployment().id() + " already exists")
              : views.registered(200, it.deployment());
      case Rejected it -> AdminError.json(409, it.code(), it.message());
    };
  }

  private static Response error(Throwable problem) {
    Throwable cause =
        problem instanceof CompletionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    return switch (cause) {
      case AdminError it -> it.response();
      case DiscoveryException it ->
          AdminError.json(it.httpStatus(), it.code(), String.valueOf(it.getMessage()));
      case MetadataUnavailableException it ->
          AdminError.json(503, null, String.valueOf(it.getMessage()));
      case TimeoutException it ->
          AdminError.json(
              503, null, "Expected the registration to be committed in time; try again");
      default -> {
        LOG.error("registering a deployment failed", cause);
        yield AdminError.json(500, null, "Registering failed; the server's log says why");
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
