package dev.reprise.cluster.metadata;

/**
 * What can change the registry. All that a clock, chance or the network has to say is in it: ids,
 * times and what discovery found.
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
}
