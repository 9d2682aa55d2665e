package dev.reprise.server.ingress;

import dev.reprise.cluster.routing.InvocationIds;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;

/** The ids of invocations, from what clients call them by. Throws {@link Refused}. */
public final class Names {
  private Names() {}

  /** An id as text. */
  public static InvocationId id(String text) {
    try {
      return InvocationId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(Reason.BAD_ID, "bad invocation id: " + e.getMessage());
    }
  }

  /** The id of a workflow's run. */
  public static InvocationId workflow(String name, String key) {
    return InvocationIds.named(
        new InvocationTarget(name, key, "run", HandlerKind.WORKFLOW_RUN), "");
  }

  /**
   * The id of a request with an idempotency key.
   *
   * @param keyed whether the handler belongs to an object or a workflow, whose key is {@code key}
   */
  public static InvocationId idempotent(
      boolean keyed, String service, String key, String handler, String idempotencyKey) {
    if (idempotencyKey.isEmpty()) {
      throw new Refused(
          Reason.BAD_IDEMPOTENCY_KEY, "Expected an idempotency key that is not empty");
    }
    HandlerKind kind = keyed ? HandlerKind.EXCLUSIVE : HandlerKind.PLAIN;
    return InvocationIds.named(new InvocationTarget(service, key, handler, kind), idempotencyKey);
  }
}
