package dev.reprise.server.grpc;

import dev.reprise.api.ingress.v1.IdempotentRef;
import dev.reprise.api.ingress.v1.InvocationRef;
import dev.reprise.api.ingress.v1.WorkflowRef;
import dev.reprise.server.ingress.Names;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.storage.model.InvocationId;

/** The ids of invocations that a request refers to. */
final class InvocationRefs {
  private InvocationRefs() {}

  /** Throws {@link Refused} when it refers to nothing. */
  static InvocationId id(InvocationRef ref) {
    return switch (ref.getRefCase()) {
      case INVOCATION_ID -> Names.id(ref.getInvocationId());
      case WORKFLOW -> id(ref.getWorkflow());
      case IDEMPOTENT -> id(ref.getIdempotent());
      case REF_NOT_SET ->
          throw new Refused(
              Reason.MALFORMED_REQUEST,
              "Expected an invocation's id, a workflow or an idempotent request to refer to");
    };
  }

  private static InvocationId id(IdempotentRef ref) {
    return Names.idempotent(
        ref.hasKey(),
        ref.getService(),
        ref.getKey(),
        ref.getHandler(),
        ref.hasScope() ? Names.scope(ref.getScope()) : "",
        ref.getIdempotencyKey());
  }

  private static InvocationId id(WorkflowRef ref) {
    return Names.workflow(
        ref.getName(), ref.getKey(), ref.hasScope() ? Names.scope(ref.getScope()) : "");
  }
}
