package dev.reprise.cluster.metadata;

import dev.reprise.cluster.metadata.MetadataCommand.RegisterDeployment;
import dev.reprise.cluster.metadata.MetadataResult.Created;
import dev.reprise.cluster.metadata.MetadataResult.Existing;
import dev.reprise.cluster.metadata.MetadataResult.Overwritten;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the registry: a command and a registry go in, the next registry and a result come
 * out. Pure, so that every replica reaches the same, and a dry run is a call without a log.
 */
public final class MetadataMachine {
  private MetadataMachine() {}

  /**
   * What a command did.
   *
   * @param changed the deployment that is new or different, null when nothing changed
   */
  public record Step(Registry registry, MetadataResult result, @Nullable Deployment changed) {}

  public static Step apply(Registry registry, MetadataCommand command) {
    return switch (command) {
      case RegisterDeployment register -> register(registry, register);
    };
  }

  /** The registry that consists of these deployments. */
  public static Registry registryOf(long version, Collection<Deployment> deployments) {
    Map<String, Deployment> byId = new HashMap<>();
    Map<String, ServiceRevision> latest = new HashMap<>();
    for (Deployment deployment : deployments) {
      byId.put(deployment.id(), deployment);
      for (ServiceRevision service : deployment.services()) {
        latest.merge(service.name(), service, MetadataMachine::newer);
      }
    }
    return new Registry(version, byId, latest);
  }

  /** The deployment registered under this address, or null. */
  public static @Nullable Deployment findByUri(Registry registry, String uri) {
    for (Deployment deployment : registry.deployments().values()) {
      if (deployment.uri().equals(uri)) {
        return deployment;
      }
    }
    return null;
  }

  private static Step register(Registry registry, RegisterDeployment command) {
    Deployment wanted = command.deployment();
    Deployment existing = findByUri(registry, wanted.uri());
    if (existing != null && !command.force()) {
      return new Step(registry, new Existing(existing), null);
    }
    Map<String, ServiceRevision> services = new LinkedHashMap<>();
    for (ServiceRevision service : wanted.services()) {
      // Of two services with one name the later one counts, as in a JSON object.
      services.put(service.name(), service);
    }
    if (!command.force() && !command.breaking()) {
      for (ServiceRevision service : services.values()) {
        ServiceRevision now = registry.service(service.name());
        if (now != null && now.kind() != service.kind()) {
          return new Step(registry, kindChanged(now, service), null);
        }
      }
    }
    Deployment made = revised(registry, wanted, existing, services.values());
    Map<String, Deployment> deployments = new HashMap<>(registry.deployments());
    deployments.put(made.id(), made);
    return new Step(
        registryOf(registry.version() + 1, deployments.values()),
        existing == null ? new Created(made) : new Overwritten(made),
        made);
  }

  private static Deployment revised(
      Registry registry,
      Deployment wanted,
      @Nullable Deployment existing,
      Collection<ServiceRevision> services) {
    String id = existing == null ? wanted.id() : existing.id();
    List<ServiceRevision> revisions = new ArrayList<>();
    for (ServiceRevision service : services) {
      ServiceRevision now = registry.service(service.name());
      revisions.add(
          new ServiceRevision(
              service.name(),
              service.kind(),
              now == null ? 1 : now.revision() + 1,
              id,
              service.handlers(),
              service.documentation(),
              service.metadata(),
              service.options()));
    }
    return new Deployment(
        id,
        wanted.uri(),
        wanted.mode(),
        wanted.http11(),
        wanted.minProtocolVersion(),
        wanted.maxProtocolVersion(),
        wanted.sdkVersion(),
        wanted.headers(),
        wanted.metadata(),
        existing == null ? wanted.createdAtMillis() : existing.createdAtMillis(),
        revisions);
  }

  private static Rejected kindChanged(ServiceRevision now, ServiceRevision wanted) {
    return new Rejected(
        "META0006",
        "Expected service '"
            + wanted.name()
            + "' to stay a "
            + now.kind().text()
            + " as in revision "
            + now.revision()
            + ", but the deployment serves a "
            + wanted.kind().text()
            + "; register with \"breaking\": true if this is meant");
  }

  private static ServiceRevision newer(ServiceRevision one, ServiceRevision other) {
    return one.revision() >= other.revision() ? one : other;
  }
}
