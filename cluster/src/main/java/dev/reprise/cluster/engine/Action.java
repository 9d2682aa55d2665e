package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.TimerKey;
import org.jspecify.annotations.Nullable;

/**
 * Work for the leader to do outside the log. Never the only record of that work: whatever an action
 * asks for, a new leader must be able to read again from the tables.
 */
public sealed interface Action {
  /**
   * Run this invocation.
   *
   * @param input the input entry where this log entry created the invocation, so that nothing has
   *     to be read to start it; otherwise null, and the journal is read
   */
  record StartAttempt(Invocation invocation, @Nullable JournalEntry input) implements Action {}

  /**
   * A notification was journaled while an attempt may be running.
   *
   * @param index the notification's place in the journal
   */
  record NotifyAttempt(InvocationId id, long incarnation, int index, JournalEntry notification)
      implements Action {}

  /** A timer was set. */
  record ScheduleTimer(TimerKey timer) implements Action {}

  /** There is something new for this partition, up to this sequence. */
  record ShipOutbox(int receiver, long sequence) implements Action {}

  /** Whoever waits for this invocation is to be told. */
  record Announce(Completed completed) implements Action {}

  /**
   * There may be free places for which somebody waits.
   *
   * @param level where; null where the rules have changed, and it may be anywhere
   */
  record FillLimits(@Nullable LimitLevel level) implements Action {}

  /** It was killed, or somebody else ended it: whatever runs for this life is to stop at once. */
  record AbortAttempt(InvocationId id, long incarnation) implements Action {}

  /** It is to pause: the attempt may finish what it does, and is to leave. */
  record PauseAttempt(InvocationId id, long incarnation) implements Action {}

  /** Somebody wants it to go on: no pause after all, and no more waiting for the next attempt. */
  record HurryAttempt(InvocationId id, long incarnation) implements Action {}
}
