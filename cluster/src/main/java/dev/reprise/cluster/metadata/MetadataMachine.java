package dev.reprise.cluster.metadata;

import dev.reprise.cluster.metadata.MetadataCommand.ChangeCluster;
import dev.reprise.cluster.metadata.MetadataCommand.ModifyService;
import dev.reprise.cluster.metadata.MetadataCommand.RegisterDeployment;
import dev.reprise.cluster.metadata.MetadataCommand.RemoveDeployment;
import dev.reprise.cluster.metadata.MetadataCommand.UpdateDeployment;
import dev.reprise.cluster.metadata.MetadataResult.Created;
import dev.reprise.cluster.metadata.MetadataResult.Existing;
import dev.reprise.cluster.metadata.MetadataResult.Overwritten;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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
  private static final Comparator<Deployment> NEWER =
      Comparator.comparingLong(Deployment::createdAtMillis).thenComparing(Deployment::id);

  private MetadataMachine() {}

  /**
   * What a command did.
   *
   * @param changed the deployment that is new or different, null when there is none
   * @param removed the deployment that is gone, null when there is none
   */
  public record Step(
      Registry registry,
      MetadataResult result,
      @Nullable Deployment changed,
      @Nullable Deployment removed) {}

  public static Step apply(Registry registry, MetadataCommand command) {
    return switch (command) {
      case RegisterDeployment register -> register(registry, register);
      case UpdateDeployment update -> DeploymentChanges.update(registry, update);
      case RemoveDeployment remove -> DeploymentChanges.remove(registry, remove);
      case ModifyService modify -> DeploymentChanges.modify(registry, modify);
      case ChangeCluster other -> throw noChangeOfTheRegistry(other);
      case MetadataCommand.CatchUp other -> throw noChangeOfTheRegistry(other);
      case MetadataCommand.PutRules put -> RuleChanges.put(registry, put);
      case MetadataCommand.DeleteRules delete -> RuleChanges.delete(registry, delete);
    };
  }

  private static IllegalArgumentException noChangeOfTheRegistry(MetadataCommand command) {
    return new IllegalArgumentException("Expected a change of the registry, but got " + command);
  }

  /** The next registry, which consists of these deployments; everything else stays. */
  static Registry next(Registry before, Collection<Deployment> deployments) {
    long version = before.version() + 1;
    return registryOf(version, deployments).with(version, before.rules());
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
  public static @Nullable Deployment findByAddress(Registry registry, DeploymentAddress address) {
    Deployment found = null;
    // After an update two may have one address: the newer counts, on every replica.
    for (Deployment each : registry.deployments().values()) {
      if (each.address().sameAs(address) && (found == null || NEWER.compare(each, found) > 0)) {
        found = each;
      }
    }
    return found;
  }

  private static Step register(Registry registry, RegisterDeployment command) {
    Deployment wanted = command.deployment();
    Deployment existing = findByAddress(registry, wanted.address());
    if (existing != null && !command.force()) {
      return new Step(registry, new Existing(existing), null, null);
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
          return new Step(registry, kindChanged(now, service), null, null);
        }
      }
    }
    Deployment made = revised(registry, wanted, existing, services.values());
    Map<String, Deployment> deployments = new HashMap<>(registry.deployments());
    deployments.put(made.id(), made);
    return new Step(
        next(registry, deployments.values()),
        existing == null ? new Created(made) : new Overwritten(made),
        made,
        null);
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
      revisions.add(service.as(now == null ? 1 : now.revision() + 1, id));
    }
    return new Deployment(
        id,
        wanted.address(),
        wanted.mode(),
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
        Rejected.Kind.CONFLICT,
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
