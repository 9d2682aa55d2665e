package dev.reprise.sdk;

import dev.reprise.sdk.core.CurrentContext;
import java.util.List;
import java.util.Optional;

/** In a keyed service: a {@link Context} that reads the state of its key. */
public interface SharedObjectContext extends Context {
  /** The context of the handler that runs on this thread. */
  static SharedObjectContext current() {
    return CurrentContext.get(SharedObjectContext.class);
  }

  /** Of the object or workflow. */
  String key();

  <T> Optional<T> get(StateKey<T> key);

  /** Names of all keys that have a value, sorted. */
  List<String> stateKeys();
}
