package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.Waiter;

/**
 * One thing that an attempt says. Whoever proposes it has checked that it is well-formed and
 * allowed.
 */
public sealed interface Statement {
  /**
   * A journal command that needs nothing but the tables. A workflow's promises are in the partition
   * of its key, so that theirs are among them.
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
   * A signal for another invocation, which has it exactly once if it is there then.
   *
   * @param type {@code SEND_SIGNAL} or {@code COMPLETE_AWAKEABLE}
   * @param receiver the target's partition
   */
  record Signaled(int type, Bytes payload, int receiver, InvocationId target, Signal signal)
      implements Statement {}

  /**
   * Asks for the outcome of an invocation that it did not call. The proposer found out its id.
   *
   * @param type {@code ATTACH_INVOCATION} or {@code GET_INVOCATION_OUTPUT}
   * @param receiver the target's partition
   * @param waiter the asking invocation itself, and which completion is the answer
   */
  record Attached(int type, Bytes payload, int receiver, InvocationId target, Waiter waiter)
      implements Statement {}

  /**
   * The result of a run step.
   *
   * @param notification payload of the notification that the journal will hold
   */
  record RunCompleted(int completionId, Bytes notification) implements Statement {}

  /** Nothing is left to do until what it waits for has arrived. */
  record Suspended(Awaiting awaiting) implements Statement {}

  /** The handler has returned; its last output is the outcome. */
  record Ended() implements Statement {}

  /** The retry policy is at its end, and says to end the invocation with this failure. */
  record Failed(Outcome.Failure failure) implements Statement {}

  /** The retry policy is at its end, and says to stand still until somebody looks. */
  record Paused(String reason) implements Statement {}

  /**
   * There is no attempt after this one because somebody wants the invocation to pause. It goes on
   * where that was taken back before this is said.
   */
  record PauseHeeded(String reason) implements Statement {}
}
