package dev.reprise.sdk.runtime;

import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.core.Awaitable;
import dev.reprise.sdk.core.NotificationResult;
import dev.reprise.sdk.core.StateCommands;
import java.util.List;
import java.util.Optional;

/** The context of a shared handler. Confined to the attempt's thread. */
class SharedAttemptContext extends AttemptContext implements SharedObjectContext {
  SharedAttemptContext(Attempt attempt) {
    super(attempt);
  }

  final StateCommands state() {
    return attempt().machine().commands().state();
  }

  @Override
  public String key() {
    return attempt().machine().start().getKey();
  }

  @Override
  public <T> Optional<T> get(StateKey<T> key) {
    return resolve(state().get(key.name())) instanceof NotificationResult.Success found
        ? Optional.ofNullable(attempt().codec().<T>decodeAs(found.value(), key.type().type()))
        : Optional.empty();
  }

  @Override
  public List<String> stateKeys() {
    return resolve(state().keys()) instanceof NotificationResult.StateKeys found
        ? found.keys()
        : List.of();
  }

  private NotificationResult resolve(Awaitable.Single read) {
    attempt().written();
    attempt().await(read);
    return read.result();
  }
}
