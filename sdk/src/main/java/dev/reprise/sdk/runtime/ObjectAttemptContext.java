package dev.reprise.sdk.runtime;

import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.StateKey;

/** The context of an exclusive handler. Confined to the attempt's thread. */
class ObjectAttemptContext extends SharedAttemptContext implements ObjectContext {
  ObjectAttemptContext(Attempt attempt) {
    super(attempt);
  }

  @Override
  public <T> void set(StateKey<T> key, T value) {
    state().set(key.name(), attempt().codec().encode(value));
    attempt().written();
  }

  @Override
  public void clear(StateKey<?> key) {
    state().clear(key.name());
    attempt().written();
  }

  @Override
  public void clearAll() {
    state().clearAll();
    attempt().written();
  }
}
