package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.MetadataCommand.RegisterDeployment;
import dev.reprise.cluster.metadata.MetadataMachine;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.cluster.metadata.MetadataResult.Created;
import dev.reprise.cluster.metadata.MetadataResult.Described;
import dev.reprise.cluster.metadata.MetadataResult.Existing;
import dev.reprise.cluster.metadata.MetadataResult.Modified;
import dev.reprise.cluster.metadata.MetadataResult.Overwritten;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import dev.reprise.cluster.metadata.MetadataResult.Removed;
import dev.reprise.cluster.metadata.MetadataResult.Updated;
import dev.reprise.cluster.metadata.Registrar;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.storage.model.DeploymentIds;
import io.netty.util.AsciiString;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Registers deployments: asks the endpoint, then the registry's log. An address that is known
 * already is neither asked nor changed, unless that is forced. Any thread; never blocks.
 */
public final class Registrations {
  static final AsciiString LOCATION = AsciiString.cached("location");

  private final Registrar registrar;
  private final RegistryChanges changes;
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
    this.changes = new RegistryChanges(registrar, discovery);
    this.views = views;
    this.clock = clock;
    this.random = random;
  }

  void register(Exchange exchange, int apiVersion) {
    RegisterRequest request = RegisterRequest.parse(exchange);
    boolean force = request.force() != null ? request.force() : apiVersion == 2;
    Deployment known = MetadataMachine.findByAddress(registrar.registry(), request.address());
    if (known != null && !force) {
      exchange.respond(answer(new Existing(known), apiVersion));
      return;
    }
    var unused =
        changes
            .discover(request.address(), request.headers(), unnamed(request))
            .thenCompose(
                found ->
                    changes.make(
                        new RegisterDeployment(found, force, request.breaking()), request.dryRun()))
            .thenApply(result -> answer(result, apiVersion))
            .exceptionally(RegistryChanges::error)
            .thenAccept(exchange::respond);
  }

  private Deployment unnamed(RegisterRequest request) {
    return new Deployment(
        DeploymentIds.of(random.nextLong(), random.nextLong()),
        request.address(),
        ProtocolMode.REQUEST_RESPONSE,
        0,
        0,
        "",
        Map.of(),
        request.metadata(),
        clock.millis(),
        List.of());
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
      case Rejected it -> RegistryChanges.refusal(it);
      case Updated it -> throw unexpected(it);
      case Removed it -> throw unexpected(it);
      case Modified it -> throw unexpected(it);
      case Described it -> throw unexpected(it);
      case MetadataResult.RulesPut it -> throw unexpected(it);
      case MetadataResult.RulesDeleted it -> throw unexpected(it);
      case MetadataResult.CaughtUp it -> throw unexpected(it);
    };
  }

  private static IllegalStateException unexpected(MetadataResult result) {
    return new IllegalStateException("Expected what a registration can become, but got " + result);
  }
}
