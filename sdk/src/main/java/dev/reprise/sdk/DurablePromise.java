package dev.reprise.sdk;

import java.util.Optional;

/**
 * A promise of a workflow: all handlers of the same key share it, and it is completed once. It
 * lives as long as the workflow is kept.
 *
 * @param <T> of the value
 */
public interface DurablePromise<T> {
  /** Its outcome. Each use is a command of the journal. */
  DurableFuture<T> future();

  /**
   * Waits for its outcome.
   *
   * @throws TerminalException when it was rejected, or the invocation was cancelled (409)
   */
  default T await() {
    return future().await();
  }

  /**
   * Its value, or nothing when it is not completed yet.
   *
   * @throws TerminalException when it was rejected
   */
  Optional<T> peek();

  /**
   * @throws TerminalException with code 409 when it was completed before
   */
  void resolve(T value);

  /**
   * @throws TerminalException with code 409 when it was completed before
   */
  void reject(TerminalException failure);
}
