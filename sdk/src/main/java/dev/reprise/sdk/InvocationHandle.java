package dev.reprise.sdk;

import org.jspecify.annotations.Nullable;

/** Another invocation. */
public interface InvocationHandle {
  /** Waits for the server to have accepted it. */
  String invocationId();

  /** Asks it to stop. */
  void cancel();

  /** Its outcome. */
  default <T> DurableFuture<T> attach(Class<T> type) {
    return attach(TypeRef.of(type));
  }

  <T> DurableFuture<T> attach(TypeRef<T> type);

  /** Its outcome if it has ended; does not wait for it. */
  default <T> DurableFuture<Output<T>> output(Class<T> type) {
    return output(TypeRef.of(type));
  }

  <T> DurableFuture<Output<T>> output(TypeRef<T> type);

  /** Sends it a value that it may wait for by this name, with {@link Context#signal}. */
  void signal(String name, @Nullable Object value);

  /** Sends it a failure that it may wait for by this name. */
  void signalFailure(String name, TerminalException failure);
}
