package dev.reprise.cluster.metadata;

import dev.reprise.cluster.membership.ClusterCommand;
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
}
