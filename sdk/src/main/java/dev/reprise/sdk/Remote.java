package dev.reprise.sdk;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A service that is called through its interface:
 *
 * <pre>{@code
 * ctx.remote(Greeter.class, "Ada").send(ofDays(1), greeter -> greeter.greet());
 * }</pre>
 *
 * The function calls exactly one handler; what that returns is a placeholder.
 *
 * @param <S> the interface
 */
public interface Remote<S> {
  /** Calls with the same key reach the same invocation. */
  Remote<S> idempotencyKey(String idempotencyKey);

  Remote<S> header(String name, String value);

  /** Where limits count; needs service protocol 7 and a server that has them. */
  Remote<S> scope(String scope);

  /** Which limit of the scope counts. */
  Remote<S> limitKey(String limitKey);

  <T> T call(Function<S, T> handler);

  <T> CallFuture<T> callAsync(Function<S, T> handler);

  /** Does not wait for an answer. */
  InvocationHandle send(Consumer<S> handler);

  /** Starts it after the delay. */
  InvocationHandle send(Duration delay, Consumer<S> handler);
}
