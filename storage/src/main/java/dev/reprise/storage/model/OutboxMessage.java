package dev.reprise.storage.model;

/** What one partition says to another, in order and exactly once. */
public sealed interface OutboxMessage {
  /** Make this invocation, or join the one that is there. */
  record Create(NewInvocation invocation) implements OutboxMessage {}

  /** A call ended: here is the outcome, for the waiter. */
  record Answer(Waiter waiter, Outcome outcome) implements OutboxMessage {}
}
