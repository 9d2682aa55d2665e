package dev.reprise.sdk.runtime;

import dev.reprise.sdk.DurableFuture;
import dev.reprise.sdk.InvocationHandle;
import dev.reprise.sdk.Output;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.TypeRef;
import dev.reprise.sdk.core.Awaitable;
import dev.reprise.sdk.core.InvocationCommands;
import dev.reprise.sdk.core.NotificationResult;
import dev.reprise.sdk.core.SignalCommands;
import org.jspecify.annotations.Nullable;

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

  private InvocationCommands.Target target() {
    return new InvocationCommands.Target.Id(invocationId());
  }

  private SignalCommands signals() {
    return attempt.machine().commands().signals();
  }

  @Override
  public void cancel() {
    String known = invocationId();
    signals().cancel(known);
    attempt.written();
  }

  @Override
  public <T> DurableFuture<T> attach(TypeRef<T> type) {
    InvocationCommands.Target target = target();
    return AttemptFuture.attach(attempt, target, type.type());
  }

  @Override
  public <T> DurableFuture<Output<T>> output(TypeRef<T> type) {
    InvocationCommands.Target target = target();
    return AttemptFuture.output(attempt, target, type.type());
  }

  @Override
  public void signal(String name, @Nullable Object value) {
    String known = invocationId();
    signals().resolve(known, name, attempt.codec().encodeInput(value));
    attempt.written();
  }

  @Override
  public void signalFailure(String name, TerminalException failure) {
    String known = invocationId();
    signals().reject(known, name, Errors.failed(failure));
    attempt.written();
  }
}
