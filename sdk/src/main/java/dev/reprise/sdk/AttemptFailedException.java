package dev.reprise.sdk;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fails the attempt, as any exception does that is not terminal, and tells the server what to do
 * next. Thrown by a step or by a handler.
 */
public class AttemptFailedException extends RuntimeException {
  private final @Nullable Duration retryAfter;
  private final AfterFailure next;

  private AttemptFailedException(
      String message, @Nullable Throwable cause, @Nullable Duration retryAfter, AfterFailure next) {
    super(message, cause);
    this.retryAfter = retryAfter;
    this.next = next;
  }

  public AttemptFailedException(String message, @Nullable Throwable cause) {
    this(message, cause, null, AfterFailure.RETRY);
  }

  /** The next attempt comes after this time, however many there were. */
  public AttemptFailedException retryAfter(Duration pause) {
    return new AttemptFailedException(getMessage(), getCause(), pause, AfterFailure.RETRY);
  }

  /** No attempt comes until somebody resumes the invocation; since service protocol 7. */
  public AttemptFailedException pausing() {
    return new AttemptFailedException(getMessage(), getCause(), null, AfterFailure.PAUSE);
  }

  /** Null when the policy decides. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  public AfterFailure next() {
    return next;
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }
}
