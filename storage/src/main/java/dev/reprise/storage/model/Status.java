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

  /**
   * Is to run, and waits for a place at one of its levels of limits.
   *
   * @param place its sequence in the level's queue
   * @param depth which level: 0 is the scope, 1 and 2 are names of the limit key
   * @param begun whether its code has been run before; if not, it can still be called off
   */
  record Limited(long place, int depth, boolean begun) implements Status {
    public Limited {
      if (depth < 0 || depth > 2) {
        throw new IllegalArgumentException("Expected a depth from 0 to 2, but got " + depth);
      }
    }
  }

  /** Has no attempt and needs none until something awaited arrives. */
  record Suspended(Awaiting awaiting) implements Status {}

  /** Stands still until somebody resumes it. */
  record Paused(String reason) implements Status {}

  /**
   * Whether none of its code has run: it has not reached its time, or not got its key or its place
   * yet. Static: with a default method this interface and its constants would be initialized by
   * each other.
   */
  static boolean notStarted(Status status) {
    return status instanceof Scheduled
        || status instanceof Inboxed
        || (status instanceof Limited limited && !limited.begun());
  }
}
