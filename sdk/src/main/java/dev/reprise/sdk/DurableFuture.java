package dev.reprise.sdk;

import java.time.Duration;

/**
 * Something that will be known: the result of a call, a run, a timer, an awakeable, or a
 * combination of such. Its outcome is journaled, so each replay sees the same one. Made and used by
 * the handler's own thread only.
 *
 * @param <T> of the result
 */
public interface DurableFuture<T> {
  /**
   * Waits. The attempt may end here and go on in another process when the result is known.
   *
   * @throws TerminalException when it failed, or the invocation was cancelled (409)
   */
  T await();

  /**
   * Waits no longer than that, which is journaled as a timer.
   *
   * @throws TimedOutException when the time is over first
   */
  T await(Duration timeout);
}
