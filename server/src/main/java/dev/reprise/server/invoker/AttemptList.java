package dev.reprise.server.invoker;

import org.jspecify.annotations.Nullable;

/**
 * Attempts with an open stream, the one that has been silent for longest first. Confined to its
 * invoker's loop.
 */
final class AttemptList {
  private @Nullable Attempt first;
  private @Nullable Attempt last;

  @Nullable Attempt first() {
    return first;
  }

  void add(Attempt attempt) {
    attempt.before = last;
    attempt.after = null;
    if (last == null) {
      first = attempt;
    } else {
      last.after = attempt;
    }
    last = attempt;
    attempt.listed = true;
  }

  void remove(Attempt attempt) {
    if (!attempt.listed) {
      return;
    }
    Attempt before = attempt.before;
    Attempt after = attempt.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    attempt.before = null;
    attempt.after = null;
    attempt.listed = false;
  }

  /** The attempt has just shown that it is awake. */
  void awake(Attempt attempt) {
    if (attempt != last && attempt.listed) {
      remove(attempt);
      add(attempt);
    }
  }
}
