package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;

/** What became of one command; part of the apply reply, in the order of the commands. */
public sealed interface Result {
  Done DONE = new Done();
  Stale STALE = new Stale();

  /** It took effect. */
  record Done() implements Result {}

  /** It came too late, twice, or from an old epoch or attempt, and changed nothing. */
  record Stale() implements Result {}

  /** The invocation exists and is open: made by this request or found. */
  record Open(Invocation invocation, boolean created) implements Result {}

  /** The invocation existed and has ended. */
  record Ended(Completed completed, boolean sameRequest) implements Result {}

  /** The attempt spoke of commands beyond the journal's end; {@code commands} are there. */
  record Gap(int commands) implements Result {}

  /** All messages up to this sequence are here; the sender goes on after it. */
  record Delivered(long throughSequence) implements Result {}

  /** The command asked for something that does not hold; the reason is fit for a person. */
  record Rejected(Rejection rejection, String reason) implements Result {}

  /**
   * A broken invariant: the command changed nothing but, where it named an invocation, parked it.
   */
  record Faulted(String reason) implements Result {}

  /** Kinds of rejection, closed. */
  enum Rejection {
    NOT_FOUND,
    NOT_PAUSED,
    NO_OUTPUT,
    /** Never proposed: nobody leads, or too many wait. Only from outside the rules. */
    REFUSED
  }
}
