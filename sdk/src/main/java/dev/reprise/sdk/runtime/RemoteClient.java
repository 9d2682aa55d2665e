package dev.reprise.sdk.runtime;

import dev.reprise.sdk.CallFuture;
import dev.reprise.sdk.InvocationHandle;
import dev.reprise.sdk.Remote;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.runtime.InterfaceCalls.Recorded;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Calls through an annotated interface, from a handler.
 *
 * @param options key, idempotency key, headers and limits count; the handler is a placeholder
 */
record RemoteClient<S>(AttemptContext context, InterfaceCalls<S> calls, Target options)
    implements Remote<S> {

  static <S> RemoteClient<S> of(AttemptContext context, Class<S> type, String key) {
    InterfaceCalls<S> calls = InterfaceCalls.of(type);
    return new RemoteClient<>(context, calls, Target.object(calls.service(), key, ""));
  }

  static <S> S blocking(AttemptContext context, Class<S> type, String key) {
    RemoteClient<S> client = of(context, type, key);
    return client.calls.proxy(recorded -> client.<Object>call(recorded).await());
  }

  private RemoteClient<S> with(Target changed) {
    return new RemoteClient<>(context, calls, changed);
  }

  @Override
  public Remote<S> idempotencyKey(String idempotencyKey) {
    return with(options.idempotencyKey(idempotencyKey));
  }

  @Override
  public Remote<S> header(String name, String value) {
    return with(options.header(name, value));
  }

  @Override
  public Remote<S> scope(String scope) {
    return with(options.scope(scope));
  }

  @Override
  public Remote<S> limitKey(String limitKey) {
    return with(options.limitKey(limitKey));
  }

  @Override
  public <T> T call(Function<S, T> handler) {
    return callAsync(handler).await();
  }

  @Override
  public <T> CallFuture<T> callAsync(Function<S, T> handler) {
    return call(
        calls.record(
            client -> {
              var ignored = handler.apply(client);
            }));
  }

  private <T> CallFuture<T> call(Recorded recorded) {
    return context.callAsync(
        options.handler(recorded.handler()), recorded.input(), recorded.outputType());
  }

  @Override
  public InvocationHandle send(Consumer<S> handler) {
    return send(Duration.ZERO, handler);
  }

  @Override
  public InvocationHandle send(Duration delay, Consumer<S> handler) {
    Recorded recorded = calls.record(handler);
    return context.send(options.handler(recorded.handler()), recorded.input(), delay);
  }
}
