package dev.reprise.storage.model;

import org.jspecify.annotations.Nullable;

/**
 * What is left of an invocation that ended, until its retention is over.
 *
 * @param journalEntries entries still kept, 0 when the journal is gone
 * @param completedAtMillis log time
 * @param pin what it ran on; null when it never ran
 */
public record Completed(
    InvocationId id,
    InvocationTarget target,
    Creation creation,
    Outcome outcome,
    int journalEntries,
    long completedAtMillis,
    @Nullable Pin pin) {
  /** The id of the deployment that it ran on; empty when it never ran. */
  public String deployment() {
    return pin == null ? "" : pin.deployment();
  }

  /** When the outcome is forgotten, in milliseconds of log time. */
  public long expiresAtMillis() {
    return saturatedSum(completedAtMillis, creation.retention().completionMillis());
  }

  /** When the journal is forgotten, in milliseconds of log time. */
  public long journalExpiresAtMillis() {
    return saturatedSum(completedAtMillis, creation.retention().journalMillis());
  }

  private static long saturatedSum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
