package dev.reprise.sdk.runtime;

import dev.reprise.sdk.DurablePromise;
import dev.reprise.sdk.PromiseKey;
import dev.reprise.sdk.WorkflowContext;

/** The context of a workflow's {@code run}. Confined to the attempt's thread. */
final class WorkflowAttemptContext extends ObjectAttemptContext implements WorkflowContext {
  WorkflowAttemptContext(Attempt attempt) {
    super(attempt);
  }

  @Override
  public <T> DurablePromise<T> promise(PromiseKey<T> key) {
    return new WorkflowPromise<>(attempt(), key);
  }
}
