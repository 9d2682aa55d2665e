package dev.reprise.storage.model;

/**
 * How long a completed invocation's outcome and journal are kept, in milliseconds; 0 keeps nothing.
 */
public record Retention(long completionMillis, long journalMillis) {
  public static final Retention NONE = new Retention(0, 0);

  public Retention {
    if (completionMillis < 0 || journalMillis < 0) {
      throw new IllegalArgumentException("Expected a retention of zero or more milliseconds");
    }
    // A journal without its outcome could not be found again.
    journalMillis = Math.min(journalMillis, completionMillis);
  }
}
