package dev.reprise.storage.model;

/** Where an open invocation stands. Running, ready and backing off are the leader's business. */
public sealed interface Status {
  Inboxed INBOXED = new Inboxed();
  Invoked INVOKED = new Invoked();

  /** Starts at {@code atMillis} of log time. */
  record Scheduled(long atMillis) implements Status {}

  /** Waits for its object's key. */
  record Inboxed() implements Status {}

  /** Runs, or is to run: the leader sees to it that there is an attempt. */
  record Invoked() implements Status {}

  /** Has no attempt and needs none until something awaited arrives. */
  record Suspended(Awaiting awaiting) implements Status {}

  /** Stands still until somebody resumes it. */
  record Paused(String reason) implements Status {}
}
