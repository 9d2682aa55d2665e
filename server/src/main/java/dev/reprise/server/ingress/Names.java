package dev.reprise.server.ingress;

import dev.reprise.cluster.routing.AwakeableId;
import dev.reprise.cluster.routing.InvocationIds;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.SignalId;

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

  /** An awakeable's id as text. */
  public static AwakeableId awakeable(String text) {
    AwakeableId id;
    try {
      id = AwakeableId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(Reason.BAD_ID, "bad awakeable id: " + e.getMessage());
    }
    if (Integer.compareUnsigned(id.index(), SignalId.FIRST_AWAKEABLE) < 0) {
      // Those below are the server's own, such as the one that cancels.
      throw new Refused(
          Reason.BAD_ID, "bad awakeable id: Expected the index of an awakeable in '" + text + "'");
    }
    return id;
  }

  /** A scope that is there. */
  public static String scope(String text) {
    if (!LimitLevel.isName(text)) {
      throw new Refused(
          Reason.BAD_SCOPE,
          "bad scope: Expected 1 to 36 characters of a-z, A-Z, 0-9, _, . and -, but got '"
              + text
              + "'");
    }
    return text;
  }

  /**
   * The id of a workflow's run.
   *
   * @param scope empty where it has none
   */
  public static InvocationId workflow(String name, String key, String scope) {
    return InvocationIds.named(
        new InvocationTarget(name, key, "run", HandlerKind.WORKFLOW_RUN, scope), "");
  }

  /**
   * The id of a request with an idempotency key.
   *
   * @param keyed whether the handler belongs to an object or a workflow, whose key is {@code key}
   * @param scope empty where it has none
   */
  public static InvocationId idempotent(
      boolean keyed,
      String service,
      String key,
      String handler,
      String scope,
      String idempotencyKey) {
    if (idempotencyKey.isEmpty()) {
      throw new Refused(
          Reason.BAD_IDEMPOTENCY_KEY, "Expected an idempotency key that is not empty");
    }
    HandlerKind kind = keyed ? HandlerKind.EXCLUSIVE : HandlerKind.PLAIN;
    return InvocationIds.named(
        new InvocationTarget(service, key, handler, kind, scope), idempotencyKey);
  }
}
