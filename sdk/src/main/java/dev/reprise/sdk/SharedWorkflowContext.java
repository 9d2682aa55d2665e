package dev.reprise.sdk;

import dev.reprise.sdk.core.CurrentContext;

/** In a shared handler of a workflow: reads its state and shares its promises. */
public interface SharedWorkflowContext extends SharedObjectContext {
  /** The context of the handler that runs on this thread. */
  static SharedWorkflowContext current() {
    return CurrentContext.get(SharedWorkflowContext.class);
  }

  <T> DurablePromise<T> promise(PromiseKey<T> key);

  default <T> DurablePromise<T> promise(String name, Class<T> type) {
    return promise(PromiseKey.of(name, type));
  }
}
