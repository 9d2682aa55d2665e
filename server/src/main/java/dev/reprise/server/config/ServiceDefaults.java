package dev.reprise.server.config;

import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import java.time.Duration;
import java.util.List;

/** What holds where neither handler nor service says anything. */
public final class ServiceDefaults {
  public static final Option<Duration> INACTIVITY_TIMEOUT =
      Option.of(
          "worker.invoker.inactivity-timeout",
          "inactivity-timeout",
          OptionType.DURATION,
          "1m",
          "after which a silent attempt is asked to suspend; 0s never waits");
  public static final Option<Duration> ABORT_TIMEOUT =
      Option.of(
          "worker.invoker.abort-timeout",
          "abort-timeout",
          OptionType.DURATION,
          "10m",
          "after which one that does not is ended");
  public static final Option<Duration> JOURNAL_RETENTION =
      Option.of(
          "default-journal-retention",
          "default-journal-retention",
          OptionType.DURATION,
          "1d",
          "how long the journal of an ended invocation is kept");
  public static final Option<Duration> IDEMPOTENCY_RETENTION =
      Option.of(
          "default-idempotency-retention",
          "default-idempotency-retention",
          OptionType.DURATION,
          "1d",
          "how long the outcome of an idempotency key is kept");
  public static final Option<Duration> WORKFLOW_RETENTION =
      Option.of(
          "default-workflow-completion-retention",
          "default-workflow-completion-retention",
          OptionType.DURATION,
          "1d",
          "how long an ended workflow is kept");
  public static final Option<Duration> RETRY_INITIAL =
      Option.of(
          "default-retry-policy.initial-interval",
          "retry-initial-interval",
          OptionType.positiveDuration(),
          "500ms",
          "before the first further attempt");
  public static final Option<Double> RETRY_FACTOR =
      Option.of(
          "default-retry-policy.exponentiation-factor",
          "retry-exponentiation-factor",
          OptionType.factor(1),
          "2",
          "by which each next interval is longer");
  public static final Option<Duration> RETRY_MAX =
      Option.of(
          "default-retry-policy.max-interval",
          "retry-max-interval",
          OptionType.positiveDuration(),
          "1m",
          "which no interval exceeds");
  public static final Option<Integer> RETRY_ATTEMPTS =
      Option.of(
          "default-retry-policy.max-attempts",
          "retry-max-attempts",
          OptionType.attempts(),
          "70",
          "after which on-max-attempts happens; unlimited never does");
  public static final Option<OnMaxAttempts> RETRY_END =
      Option.of(
          "default-retry-policy.on-max-attempts",
          "retry-on-max-attempts",
          OptionType.oneOf(OnMaxAttempts.class),
          "pause",
          "what happens then");

  static final Catalogue.Section ALL =
      new Catalogue.Section(
          "What holds where neither handler nor service says anything",
          List.of(
              INACTIVITY_TIMEOUT,
              ABORT_TIMEOUT,
              JOURNAL_RETENTION,
              IDEMPOTENCY_RETENTION,
              WORKFLOW_RETENTION,
              RETRY_INITIAL,
              RETRY_FACTOR,
              RETRY_MAX,
              RETRY_ATTEMPTS,
              RETRY_END));

  private ServiceDefaults() {}
}
