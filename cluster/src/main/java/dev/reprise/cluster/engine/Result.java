package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;

/** What became of one command; part of the apply reply, in the order of the commands. */
public sealed interface Result {
  Done DONE = new Done();
  Stale STALE = new Stale();
  Requested REQUESTED = new Requested();

  /** It took effect. */
  record Done() implements Result {}

  /** It is written down, and takes effect later: the code has to see it, or a key to be free. */
  record Requested() implements Result {}

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
    /** Nobody has this id, or not any more. */
    NOT_FOUND,
    /** It has ended. */
    COMPLETED,
    /** It has not ended. */
    NOT_COMPLETED,
    /** It waits for its time or for its key. */
    NOT_STARTED,
    /** An awakeable, signal or promise has another value already. */
    DECIDED,
    /** It runs on another deployment, which cannot be changed now or to this one. */
    DEPLOYMENT_FIXED,
    /** What it is to be made of is not kept any more. */
    NOT_KEPT,
    /** Not for this kind of handler. */
    UNSUPPORTED,
    /** Not such a piece of a journal. */
    BAD_RANGE,
    /** The state has changed since. */
    OTHER_VERSION,
    /** Too many wait already. */
    TOO_MANY,
    NO_OUTPUT,
    /** Never proposed: nobody leads, or too many wait. Only from outside the rules. */
    REFUSED
  }
}
