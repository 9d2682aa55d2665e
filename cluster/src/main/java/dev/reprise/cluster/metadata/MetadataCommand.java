package dev.reprise.cluster.metadata;

import dev.reprise.cluster.membership.ClusterCommand;
import dev.reprise.storage.model.LimitPattern;
import dev.reprise.storage.model.LimitRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can change the registry, or the cluster. All that a clock, chance or the network has to say
 * is in it: ids, times and what discovery found.
 */
public sealed interface MetadataCommand {
  /**
   * Makes this deployment known, unless its address already is.
   *
   * @param deployment as discovered; the revisions and deployment ids in its services are not read,
   *     and its own id only where the address is new
   * @param force overwrite what is registered under the address
   * @param breaking allow a service to change its kind; implied by {@code force}
   */
  record RegisterDeployment(Deployment deployment, boolean force, boolean breaking)
      implements MetadataCommand {}

  /**
   * Changes a deployment where it stands: which revision of a service is the latest stays as it is.
   *
   * @param found as discovered at the new address. Where {@code overwrite} is true, its services,
   *     protocol and SDK replace those that are registered. Its protocol versions must be the
   *     registered ones in any case: invocations are pinned to them. Null where nobody asked
   * @param address null to keep it
   * @param headers replace all others; null to keep them
   */
  record UpdateDeployment(
      String id,
      @Nullable DeploymentAddress address,
      @Nullable Map<String, String> headers,
      @Nullable Deployment found,
      boolean overwrite)
      implements MetadataCommand {
    public UpdateDeployment {
      headers = headers == null ? null : Map.copyOf(headers);
    }
  }

  /**
   * Forgets a deployment.
   *
   * @param force also where it serves the latest revision of a service: the one before becomes the
   *     latest, or the service is gone
   */
  record RemoveDeployment(String id, boolean force) implements MetadataCommand {}

  /**
   * Changes the latest revision of a service, until it is registered again.
   *
   * @param changes in force from now on; what is silent stays
   */
  record ModifyService(String service, ServiceOptions changes) implements MetadataCommand {}

  /** Changes the cluster's description. */
  record ChangeCluster(ClusterCommand change) implements MetadataCommand {}

  /**
   * Makes rules for limits, or changes those with the same patterns: all of them, or none.
   *
   * @param nowMillis by the clock of the node that was asked
   */
  record PutRules(List<RuleDraft> drafts, long nowMillis) implements MetadataCommand {
    public PutRules {
      drafts = List.copyOf(drafts);
    }
  }

  /** Changes nothing: a copy that has applied it has all that was acknowledged before. */
  record CatchUp() implements MetadataCommand {}

  /** Forgets rules for limits: all of these that are there, or none. */
  record DeleteRules(List<RuleRemoval> removals) implements MetadataCommand {
    public DeleteRules {
      removals = List.copyOf(removals);
    }
  }

  /**
   * A rule as it is to be.
   *
   * @param description null where there is none
   */
  record RuleDraft(
      LimitRule limit, @Nullable String description, boolean disabled, Expectation expectation) {}

  /** A rule that is to go. */
  record RuleRemoval(LimitPattern pattern, Expectation expectation) {}

  /** What must hold of a rule before it is changed. */
  sealed interface Expectation {
    /** For a person. */
    String words();

    /** Nothing. */
    record Anything() implements Expectation {
      @Override
      public String words() {
        return "anything";
      }
    }

    /** There is none yet. */
    record Absent() implements Expectation {
      @Override
      public String words() {
        return "no rule";
      }
    }

    /** It has this version. */
    record Version(long version) implements Expectation {
      @Override
      public String words() {
        return "version " + version;
      }
    }
  }
}
