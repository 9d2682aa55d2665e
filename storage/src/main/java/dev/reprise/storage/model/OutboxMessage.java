package dev.reprise.storage.model;

/** What one partition says to another, in order and exactly once. */
public sealed interface OutboxMessage {
  /** Make this invocation, or join the one that is there. */
  record Create(NewInvocation invocation) implements OutboxMessage {}

  /** An invocation ended: here is the outcome, for the waiter. */
  record Answer(Waiter waiter, Outcome outcome) implements OutboxMessage {}

  /** An invocation has not ended: that is the answer to who asked for its output. */
  record NotReady(Waiter waiter) implements OutboxMessage {}

  /** Give this signal to the invocation, whoever it is now. */
  record Send(InvocationId target, Signal signal, RequestId request) implements OutboxMessage {}

  /** Tell the waiter the outcome of the invocation as soon as there is one. */
  record Attach(InvocationId target, Waiter waiter) implements OutboxMessage {}

  /** Tell the waiter the outcome of the invocation, or that there is none. */
  record GetOutput(InvocationId target, Waiter waiter) implements OutboxMessage {}

  /**
   * Kill the invocation if this request made it: its parent was killed.
   *
   * @param partitions how many there are, to find its own children
   */
  record Kill(InvocationId target, RequestId madeBy, int partitions) implements OutboxMessage {}
}
