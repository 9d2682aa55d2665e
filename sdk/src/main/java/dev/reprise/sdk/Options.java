package dev.reprise.sdk;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a service or a handler asks of the server; a handler's options win over its service's, and
 * what is not given follows the server's configuration. Durations are written as in {@link
 * java.time.Duration#parse}: {@code "PT30S"}, {@code "P7D"}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Options {
  /** After this silence the server asks the attempt to suspend. */
  String inactivityTimeout() default "";

  /** When an attempt that was asked to suspend has not done so, it is aborted after this time. */
  String abortTimeout() default "";

  /** How long the journal of a completed invocation is kept. */
  String journalRetention() default "";

  /** How long the outcome of a call with an idempotency key is kept. */
  String idempotencyRetention() default "";

  /** How long the outcome of a workflow's {@code run} is kept; only there. */
  String workflowRetention() default "";

  /** State is asked for when it is needed instead of being sent along with each attempt. */
  boolean lazyState() default false;

  /** Only other handlers may call it. */
  boolean ingressPrivate() default false;

  /**
   * A cancelled invocation is not stopped by its next await: its code looks at {@link
   * Context#cancellation()} itself. The server does not hear of this option.
   */
  boolean explicitCancellation() default false;

  /** How failed attempts are repeated. */
  Retry retry() default @Retry;

  /** How failed attempts are repeated. Exponential, from the initial to the largest interval. */
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target({})
  @interface Retry {
    String initialInterval() default "";

    String maxInterval() default "";

    /** Factor between two intervals; 0 means not given. */
    double factor() default 0;

    /** Counts the first attempt; 0 means not given. */
    int maxAttempts() default 0;

    OnMaxAttempts onMaxAttempts() default OnMaxAttempts.UNSPECIFIED;
  }

  /** What becomes of an invocation whose attempts are used up. */
  enum OnMaxAttempts {
    UNSPECIFIED,
    PAUSE,
    KILL
  }
}
