package dev.reprise.sdk.runtime;

import dev.reprise.sdk.DurableFuture;
import dev.reprise.sdk.InvocationHandle;
import dev.reprise.sdk.TypeRef;
import dev.reprise.sdk.core.Awaitable;
import dev.reprise.sdk.core.NotificationResult;

/** An invocation whose id is known, or will be as soon as the server accepts it. */
record SentInvocation(Attempt attempt, Awaitable.Single id) implements InvocationHandle {
  @Override
  public String invocationId() {
    attempt.await(id);
    if (id.result() instanceof NotificationResult.InvocationId known) {
      return known.id();
    }
    throw new IllegalStateException("Expected an invocation id, but got " + id.result());
  }

  @Override
  public void cancel() {
    attempt.machine().commands().cancel(invocationId());
    attempt.written();
  }

  @Override
  public <T> DurableFuture<T> attach(TypeRef<T> type) {
    Awaitable.Single outcome = attempt.machine().commands().attach(invocationId());
    attempt.written();
    return AttemptFuture.of(attempt, outcome, type.type());
  }
}
