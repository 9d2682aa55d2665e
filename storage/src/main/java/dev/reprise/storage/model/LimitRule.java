package dev.reprise.storage.model;

/**
 * How many invocations may run at once at each level that a pattern is for.
 *
 * @param concurrency from 1; 0 where the rule sets no limit, and so takes away a broader one
 */
public record LimitRule(LimitPattern pattern, long concurrency) {
  /** The largest limit: it is 32 bits wide on the wire. */
  public static final long MAX_CONCURRENCY = 0xFFFF_FFFFL;

  public LimitRule {
    if (concurrency < 0 || concurrency > MAX_CONCURRENCY) {
      throw new IllegalArgumentException(
          "Expected a concurrency from 0 to " + MAX_CONCURRENCY + ", but got " + concurrency);
    }
  }
}
