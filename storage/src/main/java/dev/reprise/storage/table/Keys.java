package dev.reprise.storage.table;

import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.SignalId;

/** The keys of tables that have more than one part. */
public final class Keys {
  private Keys() {}

  /** An entry of a journal, by its index from 0. */
  public record Journal(InvocationId id, int index) {}

  /** A completion that has not arrived. */
  public record Pending(InvocationId id, int completionId) {}

  /** A place in an object's queue; sequences rise. */
  public record Inbox(ObjectId object, long sequence) {}

  /** A piece of an object's state. */
  public record State(ObjectId object, Bytes key) {}

  /** The signals of an invocation with the same id. */
  public record Signal(InvocationId id, SignalId signal) {}

  /** A durable promise of a workflow. */
  public record Promise(ObjectId workflow, String key) {}

  /** A change of an object's state that waits for its key; sequences rise. */
  public record Patch(ObjectId object, long sequence) {}

  /** A place in the queue at a level of limits; sequences rise. */
  public record LimitPlace(LimitLevel level, long sequence) {}

  /** A message to another partition; sequences rise by one from 1. */
  public record Outbox(int receiver, long sequence) {}
}
