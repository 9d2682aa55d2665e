package dev.reprise.cluster.metadata;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All deployments and the latest revision of each service, and the rules for limits, at one
 * version. Immutable; any thread.
 *
 * @param version rises with each change
 */
public record Registry(
    long version,
    Map<String, Deployment> deployments,
    Map<String, ServiceRevision> services,
    RuleBook rules) {
  public static final Registry EMPTY = new Registry(0, Map.of(), Map.of());

  public Registry {
    deployments = Map.copyOf(deployments);
    services = Map.copyOf(services);
  }

  /** One without rules for limits. */
  public Registry(
      long version, Map<String, Deployment> deployments, Map<String, ServiceRevision> services) {
    this(version, deployments, services, RuleBook.EMPTY);
  }

  /** The same with these rules for limits. */
  public Registry with(long newVersion, RuleBook newRules) {
    return new Registry(newVersion, deployments, services, newRules);
  }

  public @Nullable Deployment deployment(String id) {
    return deployments.get(id);
  }

  /** The latest revision, or null where nobody serves this name. */
  public @Nullable ServiceRevision service(String name) {
    return services.get(name);
  }
}
