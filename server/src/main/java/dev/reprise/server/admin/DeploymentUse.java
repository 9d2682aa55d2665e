package dev.reprise.server.admin;

/** Says whether anything still runs on a deployment. Called on a thread that may block. */
@FunctionalInterface
public interface DeploymentUse {
  /**
   * How many open invocations are pinned to it or may still come to be. When it is no service's
   * latest and this is 0, none ever will.
   */
  long pinned(String deploymentId);
}
