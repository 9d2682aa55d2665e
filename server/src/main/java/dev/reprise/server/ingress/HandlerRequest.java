package dev.reprise.server.ingress;

import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.LimitLevel;
import org.jspecify.annotations.Nullable;

/**
 * A handler that a client may invoke, and the key it named. The checks throw {@link Refused}; a
 * door makes them in the order of its protocol, for that decides which error wins.
 *
 * @param key empty for a plain service
 * @param scope where the request counts for limits; empty when it has none
 */
public record HandlerRequest(
    ServiceRevision service, HandlerRevision handler, String key, String scope) {
  /** The latest revision of a service. */
  public static ServiceRevision service(Registry registry, String name) {
    ServiceRevision service = registry.service(name);
    if (service == null) {
      throw new Refused(
          Reason.SERVICE_NOT_FOUND,
          "service '" + name + "' not found, make sure that its deployment is registered");
    }
    return service;
  }

  /** A public handler of this service. */
  public static HandlerRequest of(ServiceRevision service, String key, String name) {
    HandlerRevision handler = service.handler(name);
    if (handler == null) {
      throw new Refused(
          Reason.HANDLER_NOT_FOUND,
          "service '" + service.name() + "' has no handler '" + name + "'");
    }
    if (isPrivate(service, handler)) {
      throw new Refused(
          Reason.HANDLER_NOT_PUBLIC,
          "handler " + service.name() + "/" + handler.name() + " is not public");
    }
    return new HandlerRequest(service, handler, key, "");
  }

  /** The same in a scope. */
  public HandlerRequest in(String name) {
    String checked = Names.scope(name);
    if (service.kind() == ServiceKind.VIRTUAL_OBJECT) {
      throw new Refused(
          Reason.SCOPE_NOT_SUPPORTED,
          "Expected a service or a workflow in a scope, but '"
              + service.name()
              + "' is a virtual object");
    }
    return new HandlerRequest(service, handler, key, checked);
  }

  /**
   * The limit key to use: empty when there is none.
   *
   * @param given null when the request has none
   */
  public String limitKey(@Nullable String given) {
    if (given == null) {
      return "";
    }
    if (!LimitLevel.isLimitKey(given)) {
      throw new Refused(
          Reason.BAD_LIMIT_KEY,
          "bad limit key: Expected a or a/b, each 1 to 36 characters of a-z, A-Z, 0-9, _, . and"
              + " -, but got '"
              + given
              + "'");
    }
    if (scope.isEmpty()) {
      throw new Refused(
          Reason.BAD_LIMIT_KEY, "Expected a limit key only with a scope, but there is no scope");
    }
    return given;
  }

  /**
   * The idempotency key to use: empty when there is none.
   *
   * @param given null when the request has none
   */
  public String idempotencyKey(@Nullable String given) {
    if (given == null) {
      return "";
    }
    if (given.isEmpty()) {
      throw new Refused(
          Reason.BAD_IDEMPOTENCY_KEY, "Expected an idempotency-key that is not empty");
    }
    if (!InputEncoder.visible(given)) {
      throw new Refused(Reason.BAD_HEADER, "bad header idempotency-key");
    }
    if (handler.kind() == HandlerKind.WORKFLOW_RUN) {
      throw new Refused(
          Reason.BAD_IDEMPOTENCY_KEY,
          "Expected no idempotency-key: a workflow's key is its own idempotency key");
    }
    return given;
  }

  /** Whether the handler takes such a body. */
  public void expectInput(@Nullable String contentType, boolean bodyEmpty) {
    String problem = BodyRules.problem(handler, contentType, bodyEmpty);
    if (problem != null) {
      throw new Refused(Reason.BAD_INPUT, problem);
    }
  }

  private static boolean isPrivate(ServiceRevision service, HandlerRevision handler) {
    // The switch of a service closes all its handlers, whatever they say themselves.
    return Boolean.TRUE.equals(service.options().ingressPrivate())
        || Boolean.TRUE.equals(handler.options().ingressPrivate());
  }
}
