package dev.reprise.server.invoker;

import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.endpoint.ServiceProtocol;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.Pin;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds where an invocation's attempts go. Confined to its invoker's loop. */
final class Routes {
  private final Supplier<Registry> registry;
  private final NewInvocations newInvocations;
  private final InvokerOptions options;
  private final Map<Key, Route> known = new HashMap<>();
  private long knownVersion = -1;

  Routes(Supplier<Registry> registry, NewInvocations newInvocations, InvokerOptions options) {
    this.registry = registry;
    this.newInvocations = newInvocations;
    this.options = options;
  }

  /** There is no way to run this invocation now. Has no stack trace. */
  static final class NoRoute extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    NoRoute(String code, String message) {
      super(message, null, false, false);
      this.code = code;
    }

    AttemptFailure failure() {
      return AttemptFailure.of(code, String.valueOf(getMessage()), false);
    }
  }

  private record Key(String service, String handler, @Nullable Pin pin) {}

  /**
   * The route of the deployment that the invocation is pinned to, or of the latest.
   *
   * @param pin null when it is not pinned
   */
  Route find(InvocationTarget target, @Nullable Pin pin) throws NoRoute {
    Registry now = registry.get();
    if (now.version() != knownVersion) {
      known.clear();
      knownVersion = now.version();
    }
    Key key = new Key(target.service(), target.handler(), pin);
    Route route = known.get(key);
    if (route == null) {
      route = make(now, target, pin);
      known.put(key, route);
    }
    return route;
  }

  /** Of the registry in which the next route is found. */
  long registryVersion() {
    return registry.get().version();
  }

  /** Whether the registry is still the one that the last route was found in. */
  boolean current() {
    return registry.get().version() == knownVersion;
  }

  /** What is in force for retries where there is no route. */
  RetryPolicy retriesWithoutRoute(InvocationTarget target) {
    ServiceRevision service = registry.get().service(target.service());
    HandlerRevision handler = service == null ? null : service.handler(target.handler());
    ServiceOptions said =
        service == null || handler == null
            ? options.serviceDefaults()
            : newInvocations.options(service, handler);
    return RetryPolicy.of(said.over(options.serviceDefaults()));
  }

  private Route make(Registry now, InvocationTarget target, @Nullable Pin pin) throws NoRoute {
    ServiceRevision service = now.service(target.service());
    String id = pin != null ? pin.deployment() : service == null ? "" : service.deploymentId();
    Deployment deployment = now.deployment(id);
    if (deployment == null) {
      throw new NoRoute(
          "RT0011",
          pin == null
              ? "Expected a deployment that serves " + target.service() + ", but there is none"
              : "Expected deployment " + id + " that this is pinned to, but it is gone");
    }
    if (pin != null) {
      service = served(deployment, target.service());
    }
    HandlerRevision handler = service == null ? null : service.handler(target.handler());
    if (service == null || handler == null) {
      String name = target.service() + "/" + target.handler();
      throw new NoRoute(
          "RT0011", "Expected deployment " + id + " to serve " + name + ", but it does not");
    }
    ServiceOptions all = newInvocations.options(service, handler).over(options.serviceDefaults());
    int version = pin != null ? pin.protocolVersion() : version(deployment);
    return new Route(
        deployment, version, service.name(), handler.name(), all, options.clusterName());
  }

  private static @Nullable ServiceRevision served(Deployment deployment, String name) {
    for (ServiceRevision each : deployment.services()) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    return null;
  }

  private int version(Deployment deployment) throws NoRoute {
    int version = Math.min(deployment.maxProtocolVersion(), options.protocolVersion());
    if (version < ServiceProtocol.OLDEST || version < deployment.minProtocolVersion()) {
      throw new NoRoute(
          "RT0013",
          "Expected an endpoint that speaks service protocol "
              + ServiceProtocol.OLDEST
              + " to "
              + options.protocolVersion()
              + ", but this speaks "
              + deployment.minProtocolVersion()
              + " to "
              + deployment.maxProtocolVersion());
    }
    return version;
  }
}
