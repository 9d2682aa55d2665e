package dev.reprise.sdk;

import dev.reprise.sdk.core.CurrentContext;

/** In a workflow's {@code run}. */
public interface WorkflowContext extends SharedWorkflowContext, ObjectContext {
  /** The context of the handler that runs on this thread. */
  static WorkflowContext current() {
    return CurrentContext.get(WorkflowContext.class);
  }
}
