package dev.reprise.sdk.client;

import dev.reprise.sdk.InvocationRef;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.runtime.InterfaceCalls;
import dev.reprise.sdk.runtime.InterfaceCalls.Recorded;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A service that is called through its interface:
 *
 * <pre>{@code
 * client.remote(Downloads.class).idempotencyKey("k").call(it -> it.prepareDownload(user));
 * }</pre>
 *
 * The function calls exactly one handler; what that returns is a placeholder. Safe for use by many
 * threads.
 *
 * @param <S> the interface
 */
public final class RemoteService<S> {
  private final IngressClient client;
  private final InterfaceCalls<S> calls;

  /** All but its handler counts. */
  private final Target options;

  RemoteService(IngressClient client, InterfaceCalls<S> calls, Target options) {
    this.client = client;
    this.calls = calls;
    this.options = options;
  }

  private RemoteService<S> with(Target changed) {
    return new RemoteService<>(client, calls, changed);
  }

  /** Calls with the same key reach the same invocation. */
  public RemoteService<S> idempotencyKey(String idempotencyKey) {
    return with(options.idempotencyKey(idempotencyKey));
  }

  public RemoteService<S> header(String name, String value) {
    return with(options.header(name, value));
  }

  /** Where limits count; needs a server that has them. */
  public RemoteService<S> scope(String scope) {
    return with(options.scope(scope));
  }

  /** Which limit of the scope counts. */
  public RemoteService<S> limitKey(String limitKey) {
    return with(options.limitKey(limitKey));
  }

  /** Waits for the answer. */
  public <T> T call(Function<S, T> handler) {
    return IngressClient.await(callAsync(handler));
  }

  public <T> CompletableFuture<T> callAsync(Function<S, T> handler) {
    Recorded recorded = record(handler);
    return client.call(
        options.handler(recorded.handler()), recorded.input(), recorded.outputType());
  }

  private Recorded record(Function<S, ?> handler) {
    return calls.record(
        service -> {
          var ignored = handler.apply(service);
        });
  }

  /** Returns when the server has accepted it; also how a workflow is submitted. */
  public Submission send(Consumer<S> handler) {
    return send(Duration.ZERO, handler);
  }

  /** Starts it after the delay. */
  public Submission send(Duration delay, Consumer<S> handler) {
    Recorded recorded = calls.record(handler);
    return client.send(options.handler(recorded.handler()), recorded.input(), delay);
  }

  /** The call of this handler with the idempotency key that was given. */
  public InvocationRef called(Consumer<S> handler) {
    return InvocationRef.called(options.handler(calls.record(handler).handler()));
  }

  /** The workflow's {@code run}. */
  public InvocationRef run() {
    return new InvocationRef.OfWorkflow(calls.service(), options.key(), options.scope());
  }
}
