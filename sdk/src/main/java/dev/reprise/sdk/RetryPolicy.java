package dev.reprise.sdk;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often a {@code run} whose step throws is repeated. When the policy is exhausted the run fails
 * with a {@link TerminalException}, which the handler may catch.
 *
 * @param initialInterval null: the intervals and the end of the invocation's own policy count
 * @param factor between two intervals
 * @param afterwards what becomes of an exhausted policy: {@code FAIL} makes the run fail, {@code
 *     PAUSE} pauses the invocation (before service protocol 7 its own policy decides)
 */
public record RetryPolicy(
    @Nullable Duration initialInterval,
    double factor,
    @Nullable Duration maxInterval,
    @Nullable Integer maxAttempts,
    @Nullable Duration maxDuration,
    AfterFailure afterwards) {

  public RetryPolicy(
      @Nullable Duration initialInterval,
      double factor,
      @Nullable Duration maxInterval,
      @Nullable Integer maxAttempts,
      @Nullable Duration maxDuration) {
    this(initialInterval, factor, maxInterval, maxAttempts, maxDuration, AfterFailure.FAIL);
  }

  /** As the invocation is retried: with the policy of its handler, service or server. */
  public static RetryPolicy inherited() {
    return new RetryPolicy(null, 1, null, null, null);
  }

  /** Not at all. */
  public static RetryPolicy never() {
    return inherited().maxAttempts(1);
  }

  public static RetryPolicy fixed(Duration interval) {
    return new RetryPolicy(interval, 1, null, null, null);
  }

  public static RetryPolicy exponential(Duration initialInterval, double factor) {
    return new RetryPolicy(initialInterval, factor, null, null, null);
  }

  public RetryPolicy maxInterval(Duration longest) {
    return new RetryPolicy(initialInterval, factor, longest, maxAttempts, maxDuration, afterwards);
  }

  /** Counts the first attempt. */
  public RetryPolicy maxAttempts(int count) {
    return new RetryPolicy(initialInterval, factor, maxInterval, count, maxDuration, afterwards);
  }

  public RetryPolicy maxDuration(Duration longest) {
    return new RetryPolicy(initialInterval, factor, maxInterval, maxAttempts, longest, afterwards);
  }

  /** When exhausted, the invocation pauses until somebody resumes it. */
  public RetryPolicy pauseWhenExhausted() {
    return new RetryPolicy(
        initialInterval, factor, maxInterval, maxAttempts, maxDuration, AfterFailure.PAUSE);
  }

  /** Whether to give up after so many attempts and so much time. */
  public boolean isExhausted(int attempts, Duration elapsed) {
    return (maxAttempts != null && maxAttempts <= attempts)
        || (maxDuration != null && maxDuration.compareTo(elapsed) <= 0);
  }

  /** The pause after so many attempts; null when the invocation's policy decides. */
  public @Nullable Duration pauseAfter(int attempts) {
    if (initialInterval == null) {
      return null;
    }
    double millis = initialInterval.toMillis() * Math.pow(factor, attempts - 1.0);
    double longest = maxInterval == null ? Long.MAX_VALUE : maxInterval.toMillis();
    return Duration.ofMillis((long) Math.min(millis, longest));
  }
}
