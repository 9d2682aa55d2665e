package dev.reprise.server.node;

import dev.reprise.server.admin.DeploymentUse;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * Counts what is pinned to a deployment, or may be by an attempt that is under way on this node.
 *
 * @param attemptsUnderWay how many of this node's attempts may pin to it
 * @param pinned how many open invocations, of all partitions, are pinned to it
 */
record PinnedInvocations(ToIntFunction<String> attemptsUnderWay, ToLongFunction<String> pinned)
    implements DeploymentUse {

  @Override
  public long pinned(String deploymentId) {
    // First these: what one of them has pinned since is in the tables.
    long attempts = attemptsUnderWay.applyAsInt(deploymentId);
    return attempts + pinned.applyAsLong(deploymentId);
  }
}
