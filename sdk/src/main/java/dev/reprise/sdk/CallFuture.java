package dev.reprise.sdk;

/**
 * The outcome of a call, and the invocation behind it.
 *
 * @param <T> of the result
 */
public interface CallFuture<T> extends DurableFuture<T> {
  InvocationHandle invocation();
}
