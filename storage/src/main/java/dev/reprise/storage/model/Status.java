package dev.reprise.storage.model;

/** Where an open invocation stands. Running, ready and backing off are the leader's business. */
public sealed interface Status {
  Invoked INVOKED = new Invoked(false);
  Invoked PAUSING = new Invoked(true);

  /** Starts at {@code atMillis} of log time. */
  record Scheduled(long atMillis) implements Status {}

  /**
   * Waits for its object's key.
   *
   * @param place its sequence in the inbox
   */
  record Inboxed(long place) implements Status {}

  /**
   * Runs, or is to run: the leader sees to it that there is an attempt.
   *
   * @param pausing somebody asked for a pause: there is to be no attempt after this one, and it
   *     pauses where it would suspend or be tried again
   */
  record Invoked(boolean pausing) implements Status {}

  /** Has no attempt and needs none until something awaited arrives. */
  record Suspended(Awaiting awaiting) implements Status {}

  /** Stands still until somebody resumes it. */
  record Paused(String reason) implements Status {}

  /**
   * Whether it has neither reached its time nor got its key yet. Static: with a default method this
   * interface and its constants would be initialized by each other.
   */
  static boolean notStarted(Status status) {
    return status instanceof Scheduled || status instanceof Inboxed;
  }
}
