package dev.reprise.server.operations;

import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.operations.InvocationOperations.Found;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.Pin;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which deployment an invocation may go on with: one that serves its handler, and speaks the
 * protocol version that its journal is written in. Any thread.
 */
public final class Pins {
  private final Supplier<Registry> registry;

  /**
   * Pins of a node.
   *
   * @param registry the newest one; never blocks
   */
  public Pins(Supplier<Registry> registry) {
    this.registry = registry;
  }

  /** What a resumed invocation runs on. Throws {@link Refused}. */
  Pin toResume(Found found, Choice choice) {
    Pin pin = found.pin();
    if (!found.open()) {
      throw new Refused(Reason.ALREADY_COMPLETED, "the invocation has completed");
    }
    if (pin == null) {
      throw new Refused(
          Reason.DEPLOYMENT_FIXED,
          "Expected an invocation that has run, but this one is on no deployment yet");
    }
    Deployment deployment = deployment(found.target(), choice);
    expectVersion(deployment, pin.protocolVersion());
    return new Pin(deployment.id(), pin.protocolVersion());
  }

  /**
   * What a restarted invocation runs on; null lets its first attempt decide. Throws {@link
   * Refused}.
   */
  @Nullable Pin toRestart(Found found, Choice choice) {
    Pin pin = found.pin();
    if (choice.keeps()) {
      return pin;
    }
    Deployment deployment = deployment(found.target(), choice);
    if (pin == null) {
      return new Pin(deployment.id(), deployment.maxProtocolVersion());
    }
    if (choice.throughIndex() > 0) {
      expectVersion(deployment, pin.protocolVersion());
    }
    return new Pin(
        deployment.id(),
        Math.clamp(
            pin.protocolVersion(),
            deployment.minProtocolVersion(),
            deployment.maxProtocolVersion()));
  }

  private Deployment deployment(InvocationTarget target, Choice choice) {
    Registry now = registry.get();
    String id = choice.deployment();
    if (choice.takesLatest()) {
      ServiceRevision service = now.service(target.service());
      if (service == null) {
        throw new Refused(
            Reason.BAD_DEPLOYMENT, "Expected a deployment of '" + target.service() + "'");
      }
      id = service.deploymentId();
    }
    Deployment deployment = now.deployment(id);
    if (deployment == null) {
      throw new Refused(Reason.BAD_DEPLOYMENT, "Expected a known deployment, but got '" + id + "'");
    }
    boolean serves =
        deployment.services().stream()
            .anyMatch(
                it -> it.name().equals(target.service()) && it.handler(target.handler()) != null);
    if (!serves) {
      throw new Refused(
          Reason.BAD_DEPLOYMENT,
          "Expected a deployment that serves "
              + target.service()
              + "/"
              + target.handler()
              + ", but "
              + id
              + " does not");
    }
    return deployment;
  }

  private static void expectVersion(Deployment deployment, int version) {
    if (version < deployment.minProtocolVersion() || version > deployment.maxProtocolVersion()) {
      throw new Refused(
          Reason.BAD_DEPLOYMENT,
          "Expected a deployment that speaks protocol version "
              + version
              + ", but "
              + deployment.id()
              + " speaks "
              + deployment.minProtocolVersion()
              + " to "
              + deployment.maxProtocolVersion());
    }
  }
}
