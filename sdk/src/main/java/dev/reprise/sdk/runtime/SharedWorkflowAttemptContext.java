package dev.reprise.sdk.runtime;

import dev.reprise.sdk.DurablePromise;
import dev.reprise.sdk.PromiseKey;
import dev.reprise.sdk.SharedWorkflowContext;

/** The context of a workflow's shared handler. Confined to the attempt's thread. */
final class SharedWorkflowAttemptContext extends SharedAttemptContext
    implements SharedWorkflowContext {
  SharedWorkflowAttemptContext(Attempt attempt) {
    super(attempt);
  }

  @Override
  public <T> DurablePromise<T> promise(PromiseKey<T> key) {
    return new WorkflowPromise<>(attempt(), key);
  }
}
