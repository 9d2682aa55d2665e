package dev.reprise.sdk;

import dev.reprise.sdk.core.CurrentContext;

/**
 * In an exclusive handler of a virtual object, or in a workflow's {@code run}: reads and writes the
 * state of its key. What is written stays written, also when the invocation fails later.
 */
public interface ObjectContext extends SharedObjectContext {
  /** The context of the handler that runs on this thread. */
  static ObjectContext current() {
    return CurrentContext.get(ObjectContext.class);
  }

  <T> void set(StateKey<T> key, T value);

  void clear(StateKey<?> key);

  void clearAll();
}
