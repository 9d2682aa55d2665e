package dev.reprise.server.admin;

/** Says whether anything still runs on a deployment. Called on a thread that may block. */
@FunctionalInterface
public interface DeploymentUse {
  /** How many open invocations are pinned to it. */
  long pinned(String deploymentId);
}
