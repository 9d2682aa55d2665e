package dev.reprise.sdk;

import org.jspecify.annotations.Nullable;

/** Which invocation is meant: by its id, or by what its caller knew. */
public sealed interface InvocationRef {
  static InvocationRef id(String invocationId) {
    return new Id(invocationId);
  }

  /**
   * The one that was called with the target's idempotency key.
   *
   * @throws IllegalArgumentException when the target has none
   */
  static InvocationRef called(Target target) {
    return new Called(target);
  }

  /** The {@code run} of a workflow. */
  static InvocationRef workflow(String workflow, String key) {
    return new OfWorkflow(workflow, key, null);
  }

  record Id(String invocationId) implements InvocationRef {}

  record Called(Target target) implements InvocationRef {
    public Called {
      if (target.idempotencyKey() == null) {
        throw new IllegalArgumentException(
            "Expected a target with an idempotency key, but %s/%s has none"
                .formatted(target.service(), target.handler()));
      }
    }
  }

  record OfWorkflow(String workflow, String key, @Nullable String scope) implements InvocationRef {}
}
