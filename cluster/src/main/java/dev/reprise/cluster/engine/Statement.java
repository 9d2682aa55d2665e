package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;

/**
 * One thing that an attempt says. Whoever proposes it has checked that it is well-formed and
 * allowed.
 */
public sealed interface Statement {
  /**
   * A journal command that needs nothing but the tables.
   *
   * @param type the frame's type
   * @param payload the frame's payload, kept as it is
   */
  record Journaled(int type, Bytes payload) implements Statement {}

  /**
   * A call or one-way call. The proposer found the target and chose the callee's id and partition.
   *
   * @param type {@code CALL} or {@code ONE_WAY_CALL}
   * @param idCompletion which completion tells the callee's id; the outcome's is in its waiter
   * @param receiver the callee's partition
   */
  record Called(int type, Bytes payload, int idCompletion, int receiver, NewInvocation callee)
      implements Statement {}

  /**
   * The result of a run step.
   *
   * @param notification payload of the notification that the journal will hold
   */
  record RunCompleted(int completionId, Bytes notification) implements Statement {}

  /** Nothing is left to do until one of these arrives. */
  record Suspended(Awaiting awaiting) implements Statement {}

  /** The handler has returned; its last output is the outcome. */
  record Ended() implements Statement {}

  /** The retry policy is at its end, and says to end the invocation with this failure. */
  record Failed(Outcome.Failure failure) implements Statement {}

  /** The retry policy is at its end, and says to stand still until somebody looks. */
  record Paused(String reason) implements Statement {}
}
