package dev.reprise.cluster.metadata;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest may say of a service or a handler; null where it says nothing. {@link #over}
 * resolves handler over service over node.
 */
public record ServiceOptions(
    @Nullable Duration inactivityTimeout,
    @Nullable Duration abortTimeout,
    @Nullable Duration journalRetention,
    @Nullable Duration idempotencyRetention,
    @Nullable Duration workflowCompletionRetention,
    @Nullable Boolean lazyState,
    @Nullable Boolean ingressPrivate,
    @Nullable Duration retryInitialInterval,
    @Nullable Duration retryMaxInterval,
    @Nullable Double retryFactor,
    @Nullable Integer retryMaxAttempts,
    @Nullable OnMaxAttempts retryOnMaxAttempts) {

  public static final ServiceOptions SILENT =
      new ServiceOptions(null, null, null, null, null, null, null, null, null, null, null, null);

  /**
   * What the model's users expect where nobody says anything. {@code retryMaxAttempts} 0 is without
   * end.
   */
  public static final ServiceOptions DEFAULTS =
      new ServiceOptions(
          Duration.ofMinutes(1),
          Duration.ofMinutes(10),
          Duration.ofDays(1),
          Duration.ofDays(1),
          Duration.ofDays(1),
          false,
          false,
          Duration.ofMillis(500),
          Duration.ofMinutes(1),
          2.0,
          70,
          OnMaxAttempts.PAUSE);

  /** What happens when a retry policy is at its end. */
  public enum OnMaxAttempts {
    PAUSE,
    KILL
  }

  /** These options, and where they are silent the others. */
  public ServiceOptions over(ServiceOptions others) {
    return new ServiceOptions(
        first(inactivityTimeout, others.inactivityTimeout),
        first(abortTimeout, others.abortTimeout),
        first(journalRetention, others.journalRetention),
        first(idempotencyRetention, others.idempotencyRetention),
        first(workflowCompletionRetention, others.workflowCompletionRetention),
        first(lazyState, others.lazyState),
        first(ingressPrivate, others.ingressPrivate),
        first(retryInitialInterval, others.retryInitialInterval),
        first(retryMaxInterval, others.retryMaxInterval),
        first(retryFactor, others.retryFactor),
        first(retryMaxAttempts, others.retryMaxAttempts),
        first(retryOnMaxAttempts, others.retryOnMaxAttempts));
  }

  /**
   * A handler's own options after its service was changed: who may call it, and how long a workflow
   * is kept, are then the service's to say.
   */
  ServiceOptions yielding(ServiceOptions changes) {
    return new ServiceOptions(
        inactivityTimeout,
        abortTimeout,
        journalRetention,
        idempotencyRetention,
        changes.workflowCompletionRetention() != null ? null : workflowCompletionRetention,
        lazyState,
        changes.ingressPrivate() != null ? null : ingressPrivate,
        retryInitialInterval,
        retryMaxInterval,
        retryFactor,
        retryMaxAttempts,
        retryOnMaxAttempts);
  }

  private static <T> @Nullable T first(@Nullable T mine, @Nullable T theirs) {
    return mine != null ? mine : theirs;
  }
}
