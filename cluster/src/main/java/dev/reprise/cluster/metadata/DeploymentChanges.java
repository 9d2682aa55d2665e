package dev.reprise.cluster.metadata;

import dev.reprise.cluster.metadata.MetadataCommand.ModifyService;
import dev.reprise.cluster.metadata.MetadataCommand.RemoveDeployment;
import dev.reprise.cluster.metadata.MetadataCommand.UpdateDeployment;
import dev.reprise.cluster.metadata.MetadataMachine.Step;
import dev.reprise.cluster.metadata.MetadataResult.Modified;
import dev.reprise.cluster.metadata.MetadataResult.Rejected;
import dev.reprise.cluster.metadata.MetadataResult.Rejected.Kind;
import dev.reprise.cluster.metadata.MetadataResult.Removed;
import dev.reprise.cluster.metadata.MetadataResult.Updated;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules by which what is registered changes or goes. Pure. */
final class DeploymentChanges {
  private DeploymentChanges() {}

  static Step update(Registry registry, UpdateDeployment command) {
    Deployment now = registry.deployment(command.id());
    if (now == null) {
      return missing(registry, command.id());
    }
    Deployment found = command.found();
    if (found != null && !sameVersions(now, found)) {
      return rejected(registry, Kind.MISFIT, "META0016", otherVersions(now, found));
    }
    Deployment served = found != null && command.overwrite() ? found : null;
    Deployment made =
        new Deployment(
            now.id(),
            address(now, command),
            found != null ? found.mode() : now.mode(),
            now.minProtocolVersion(),
            now.maxProtocolVersion(),
            served != null ? served.sdkVersion() : now.sdkVersion(),
            command.headers() != null ? command.headers() : now.headers(),
            now.metadata(),
            now.createdAtMillis(),
            served != null ? inPlace(registry, now, served) : now.services());
    return made.equals(now)
        ? new Step(registry, new Updated(now), null, null)
        : changed(registry, made, new Updated(made));
  }

  /** Whether a function takes compressed bodies is what it said last. */
  private static DeploymentAddress address(Deployment now, UpdateDeployment command) {
    DeploymentAddress address = command.address() != null ? command.address() : now.address();
    return command.found() != null
            && command.found().address() instanceof DeploymentAddress.Lambda asked
            && address instanceof DeploymentAddress.Lambda lambda
        ? new DeploymentAddress.Lambda(lambda.arn(), lambda.assumeRoleArn(), asked.zstd())
        : address;
  }

  private static boolean sameVersions(Deployment now, Deployment found) {
    return now.minProtocolVersion() == found.minProtocolVersion()
        && now.maxProtocolVersion() == found.maxProtocolVersion();
  }

  private static String otherVersions(Deployment now, Deployment found) {
    return "Expected service protocol "
        + now.minProtocolVersion()
        + " to "
        + now.maxProtocolVersion()
        + " as deployment "
        + now.id()
        + " speaks it, but got "
        + found.minProtocolVersion()
        + " to "
        + found.maxProtocolVersion()
        + "; register it as a new deployment";
  }

  /** A service that this deployment has already keeps its revision; others get their next. */
  private static List<ServiceRevision> inPlace(
      Registry registry, Deployment now, Deployment found) {
    Map<String, ServiceRevision> services = new LinkedHashMap<>();
    for (ServiceRevision each : found.services()) {
      ServiceRevision mine = served(now, each.name());
      ServiceRevision latest = registry.service(each.name());
      int revision = mine != null ? mine.revision() : latest == null ? 1 : latest.revision() + 1;
      services.put(each.name(), each.as(revision, now.id()));
    }
    return List.copyOf(services.values());
  }

  private static @Nullable ServiceRevision served(Deployment deployment, String name) {
    for (ServiceRevision each : deployment.services()) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    return null;
  }

  static Step remove(Registry registry, RemoveDeployment command) {
    Deployment now = registry.deployment(command.id());
    if (now == null) {
      return missing(registry, command.id());
    }
    if (!command.force()) {
      for (ServiceRevision service : now.services()) {
        if (service.equals(registry.service(service.name()))) {
          return rejected(registry, Kind.CONFLICT, null, stillLatest(now, service));
        }
      }
    }
    Map<String, Deployment> left = new HashMap<>(registry.deployments());
    left.remove(now.id());
    Registry next = MetadataMachine.next(registry, left.values());
    return new Step(next, new Removed(now), null, now);
  }

  private static String stillLatest(Deployment now, ServiceRevision service) {
    return "Expected a deployment that is not used any more, but "
        + now.id()
        + " serves the latest revision of "
        + service.name()
        + "; register another deployment of it first, or remove this with force";
  }

  static Step modify(Registry registry, ModifyService command) {
    ServiceRevision now = registry.service(command.service());
    Deployment of = now == null ? null : registry.deployment(now.deploymentId());
    if (now == null || of == null) {
      String text = "The requested service '" + command.service() + "' does not exist";
      return rejected(registry, Kind.MISSING, null, text);
    }
    ServiceOptions changes = command.changes();
    if (changes.workflowCompletionRetention() != null && now.kind() != ServiceKind.WORKFLOW) {
      String text = "Expected a workflow, for the retention of its completion, but got a ";
      return rejected(registry, Kind.MISFIT, null, text + now.kind().text());
    }
    ServiceRevision made = modified(now, changes);
    List<ServiceRevision> services = new ArrayList<>();
    of.services().forEach(it -> services.add(it.name().equals(made.name()) ? made : it));
    return changed(registry, of.with(services), new Modified(made));
  }

  private static ServiceRevision modified(ServiceRevision now, ServiceOptions changes) {
    Map<String, HandlerRevision> handlers = new HashMap<>(now.handlers());
    handlers.replaceAll((name, handler) -> handler.with(handler.options().yielding(changes)));
    return new ServiceRevision(
        now.name(),
        now.kind(),
        now.revision(),
        now.deploymentId(),
        handlers,
        now.documentation(),
        now.metadata(),
        changes.over(now.options()));
  }

  private static Step changed(Registry registry, Deployment made, MetadataResult result) {
    Map<String, Deployment> all = new HashMap<>(registry.deployments());
    all.put(made.id(), made);
    Registry next = MetadataMachine.next(registry, all.values());
    return new Step(next, result, made, null);
  }

  private static Step missing(Registry registry, String id) {
    String text = "The requested deployment '" + id + "' does not exist";
    return rejected(registry, Kind.MISSING, null, text);
  }

  private static Step rejected(
      Registry registry, Kind kind, @Nullable String code, String message) {
    return new Step(registry, new Rejected(kind, code, message), null, null);
  }
}
