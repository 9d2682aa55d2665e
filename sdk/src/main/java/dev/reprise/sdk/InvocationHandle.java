package dev.reprise.sdk;

/** An invocation that was sent. */
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
}
