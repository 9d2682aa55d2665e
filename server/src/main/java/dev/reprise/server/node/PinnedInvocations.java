package dev.reprise.server.node;

import dev.reprise.server.admin.DeploymentUse;
import dev.reprise.server.operations.Inspections;
import java.util.function.ToIntFunction;

/**
 * Counts what is pinned to a deployment, wherever it is led, or may be by an attempt that is under
 * way on this node.
 */
final class PinnedInvocations implements DeploymentUse {
  private final ToIntFunction<String> attemptsUnderWay;
  private final Inspections inspections;

  PinnedInvocations(ToIntFunction<String> attemptsUnderWay, Inspections inspections) {
    this.attemptsUnderWay = attemptsUnderWay;
    this.inspections = inspections;
  }

  @Override
  public long pinned(String deploymentId) {
    // First these: what one of them has pinned since is in the tables.
    long count = attemptsUnderWay.applyAsInt(deploymentId);
    return count + inspections.pinned(deploymentId);
  }
}
