package dev.reprise.sdk;

import dev.reprise.sdk.core.CurrentContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A handler's way to the durable world. What it answers is journaled: after a crash the handler
 * runs again from its start and gets the same answers, so it must ask the same things in the same
 * order. Anything that may differ between two executions belongs into {@link #run}.
 *
 * <p>Belongs to the handler's thread; not to be used by another one, nor inside a run.
 */
public interface Context {
  /** The context of the handler that runs on this thread. */
  static Context current() {
    return CurrentContext.get(Context.class);
  }

  String invocationId();

  /** Of the request; names in lower case. */
  Map<String, String> headers();

  /** With which it was called; known since service protocol 7. */
  Optional<String> idempotencyKey();

  /** In which its limits count; since service protocol 7. */
  Optional<String> scope();

  /** Which limit of the scope counts; since service protocol 7. */
  Optional<String> limitKey();

  // ---- steps ----

  /** A step with a result. */
  @FunctionalInterface
  interface Step<T> {
    T execute() throws Exception;
  }

  /** A step without result. */
  @FunctionalInterface
  interface VoidStep {
    void execute() throws Exception;
  }

  /**
   * Executes a step and journals its result. It executes at least once, until its result is
   * durable; afterwards never again.
   *
   * @throws TerminalException when the step threw one, or its policy is exhausted
   */
  default void run(String name, VoidStep step) {
    run(name, RetryPolicy.inherited(), step);
  }

  void run(String name, RetryPolicy policy, VoidStep step);

  default <T> T run(String name, Class<T> type, Step<T> step) {
    return run(name, TypeRef.of(type), RetryPolicy.inherited(), step);
  }

  default <T> T run(String name, TypeRef<T> type, Step<T> step) {
    return run(name, type, RetryPolicy.inherited(), step);
  }

  default <T> T run(String name, Class<T> type, RetryPolicy policy, Step<T> step) {
    return run(name, TypeRef.of(type), policy, step);
  }

  <T> T run(String name, TypeRef<T> type, RetryPolicy policy, Step<T> step);

  /** Executes a step on another thread. */
  default <T> DurableFuture<T> runAsync(String name, Class<T> type, Step<T> step) {
    return runAsync(name, TypeRef.of(type), RetryPolicy.inherited(), step);
  }

  <T> DurableFuture<T> runAsync(String name, TypeRef<T> type, RetryPolicy policy, Step<T> step);

  // ---- time and chance ----

  /** Waits, for seconds or for months; nothing runs meanwhile. */
  default void sleep(Duration duration) {
    timer(duration).await();
  }

  default DurableFuture<Void> timer(Duration duration) {
    return timer("", duration);
  }

  /**
   * @param name for people who look at the journal
   */
  DurableFuture<Void> timer(String name, Duration duration);

  /** The same numbers in each replay. Not for secrets. */
  RandomGenerator random();

  /** The same in each replay. Not for secrets. */
  UUID randomUuid();

  // ---- other services ----

  /** A service, by its annotated interface: each method calls and waits for the answer. */
  default <S> S client(Class<S> service) {
    return client(service, "");
  }

  /** An object or workflow, by its annotated interface. */
  <S> S client(Class<S> object, String key);

  /** A service, by its annotated interface, for calls that need more than an answer. */
  default <S> Remote<S> remote(Class<S> service) {
    return remote(service, "");
  }

  <S> Remote<S> remote(Class<S> object, String key);

  default <T> T call(Target target, @Nullable Object input, Class<T> type) {
    return callAsync(target, input, TypeRef.of(type)).await();
  }

  default <T> CallFuture<T> callAsync(Target target, @Nullable Object input, Class<T> type) {
    return callAsync(target, input, TypeRef.of(type));
  }

  /**
   * @param input null for a handler that takes none
   */
  <T> CallFuture<T> callAsync(Target target, @Nullable Object input, TypeRef<T> type);

  /** Calls without waiting for an answer. */
  default InvocationHandle send(Target target, @Nullable Object input) {
    return send(target, input, Duration.ZERO);
  }

  /** Calls after the delay. */
  InvocationHandle send(Target target, @Nullable Object input, Duration delay);

  /** An invocation that was sent earlier, by its id. */
  InvocationHandle invocation(String invocationId);

  default <T> DurableFuture<T> attach(InvocationRef invocation, Class<T> type) {
    return attach(invocation, TypeRef.of(type));
  }

  /** Its outcome; a failure with code 404 when there is no such invocation. */
  <T> DurableFuture<T> attach(InvocationRef invocation, TypeRef<T> type);

  default <T> DurableFuture<Output<T>> output(InvocationRef invocation, Class<T> type) {
    return output(invocation, TypeRef.of(type));
  }

  /** Its outcome if it has ended; does not wait for it. */
  <T> DurableFuture<Output<T>> output(InvocationRef invocation, TypeRef<T> type);

  // ---- signals ----

  default <T> Awakeable<T> awakeable(Class<T> type) {
    return awakeable(TypeRef.of(type));
  }

  <T> Awakeable<T> awakeable(TypeRef<T> type);

  void resolveAwakeable(String id, @Nullable Object value);

  void rejectAwakeable(String id, TerminalException failure);

  default <T> DurableFuture<T> signal(String name, Class<T> type) {
    return signal(name, TypeRef.of(type));
  }

  /** What another handler sends to this invocation with {@link InvocationHandle#signal}. */
  <T> DurableFuture<T> signal(String name, TypeRef<T> type);

  /**
   * Completes when this invocation is cancelled. Only where {@link Options#explicitCancellation} is
   * set; elsewhere each await fails by itself.
   *
   * @throws IllegalStateException elsewhere
   */
  DurableFuture<Void> cancellation();

  // ---- combinations; nothing of them is journaled ----

  /** All results in order, or the first failure. */
  <T> DurableFuture<List<T>> all(List<? extends DurableFuture<? extends T>> futures);

  /** The first success, or the failure of the first one when all have failed. */
  <T> DurableFuture<T> any(List<? extends DurableFuture<? extends T>> futures);

  /** The first to complete, successful or not. */
  <T> DurableFuture<T> race(List<? extends DurableFuture<? extends T>> futures);

  /** When all have completed, successful or not; each result is there to be awaited. */
  DurableFuture<Void> allCompleted(List<? extends DurableFuture<?>> futures);

  /** Which one completes first, by its place; its result is there to be awaited. */
  DurableFuture<Integer> select(DurableFuture<?>... futures);
}
