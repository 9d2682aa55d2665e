package dev.reprise.sdk.runtime;

import dev.reprise.sdk.DurableFuture;
import dev.reprise.sdk.DurablePromise;
import dev.reprise.sdk.PromiseKey;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.core.Awaitable;
import dev.reprise.sdk.core.NotificationResult;
import dev.reprise.sdk.core.PromiseCommands;
import java.util.Optional;

/** A promise of the workflow that the attempt belongs to. */
record WorkflowPromise<T>(Attempt attempt, PromiseKey<T> key) implements DurablePromise<T> {
  private PromiseCommands promises() {
    return attempt.machine().commands().promises();
  }

  @Override
  public DurableFuture<T> future() {
    Awaitable.Single outcome = promises().get(key.name());
    attempt.written();
    return AttemptFuture.of(attempt, outcome, key.type().type());
  }

  @Override
  public Optional<T> peek() {
    Awaitable.Single outcome = promises().peek(key.name());
    attempt.written();
    attempt.await(outcome);
    if (outcome.result() instanceof NotificationResult.Empty) {
      return Optional.empty();
    }
    return Optional.ofNullable(AttemptFuture.<T>decode(attempt, outcome, key.type().type()));
  }

  @Override
  public void resolve(T value) {
    completed(promises().resolve(key.name(), attempt.codec().encodeInput(value)));
  }

  @Override
  public void reject(TerminalException failure) {
    completed(promises().reject(key.name(), Errors.failed(failure)));
  }

  private void completed(Awaitable.Single answer) {
    attempt.written();
    AttemptFuture.of(attempt, answer, Void.class).await();
  }
}
