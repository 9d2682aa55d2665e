package dev.reprise.server.invoker;

import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * When a failed attempt is followed by another one.
 *
 * @param maxAttempts the first one included; 0 is without end
 */
record RetryPolicy(
    long initialMillis, long maxMillis, double factor, int maxAttempts, OnMaxAttempts onMax) {
  private static final double LEAST_JITTER = 0.03;
  private static final double MOST_JITTER = 0.30;

  /** Of options that say everything. */
  static RetryPolicy of(ServiceOptions options) {
    ServiceOptions all = options.over(ServiceOptions.DEFAULTS);
    Duration initial = Objects.requireNonNull(all.retryInitialInterval());
    Duration max = Objects.requireNonNull(all.retryMaxInterval());
    Double factor = Objects.requireNonNull(all.retryFactor());
    Integer attempts = Objects.requireNonNull(all.retryMaxAttempts());
    OnMaxAttempts onMax = Objects.requireNonNull(all.retryOnMaxAttempts());
    return new RetryPolicy(initial.toMillis(), max.toMillis(), factor, attempts, onMax);
  }

  /** Whether there is no further attempt after that many. */
  boolean exhaustedBy(int attempts) {
    return maxAttempts > 0 && attempts >= maxAttempts;
  }

  /** How long to wait after the nth failure, counted from 1. */
  long delayMillis(int failures, RandomGenerator random) {
    double grown = (double) initialMillis * Math.pow(Math.max(1, factor), failures - 1.0);
    double bounded = Math.min(grown, (double) maxMillis);
    return Math.max(1, Math.round(bounded * (1 + random.nextDouble(LEAST_JITTER, MOST_JITTER))));
  }
}
