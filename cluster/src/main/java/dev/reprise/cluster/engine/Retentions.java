package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.Layouts;
import dev.reprise.storage.table.Tables;

/** How long what has ended is kept, and how it is forgotten. */
final class Retentions {
  /** Notes when the outcome, and before it perhaps the journal, are to be forgotten. */
  static void schedule(Completed completed, Tables tables) {
    long incarnation = completed.creation().incarnation();
    TimerKey outcome = new TimerKey(completed.expiresAtMillis(), completed.id(), Layouts.OUTCOME);
    tables.expiries().insert(outcome, incarnation);
    if (hasOwnExpiry(completed)) {
      long at = completed.journalExpiresAtMillis();
      tables.expiries().insert(new TimerKey(at, completed.id(), Layouts.JOURNAL_ONLY), incarnation);
    }
  }

  /** A person forgets one that has ended. */
  static Result purge(InvocationId id, Tables tables) {
    Completed completed = tables.completed().find(id);
    if (completed == null) {
      return OperationRules.notFound();
    }
    unscheduleJournal(completed, tables);
    tables.expiries().delete(new TimerKey(completed.expiresAtMillis(), id, Layouts.OUTCOME));
    forget(completed, tables);
    return Result.DONE;
  }

  /** A person forgets the journal of one that has ended. */
  static Result purgeJournal(InvocationId id, Tables tables) {
    Completed completed = tables.completed().find(id);
    if (completed == null) {
      return OperationRules.notFound();
    }
    if (completed.journalEntries() > 0) {
      unscheduleJournal(completed, tables);
      deleteJournal(id, completed.journalEntries(), tables);
      tables.completed().put(id, withoutJournal(completed));
    }
    return Result.DONE;
  }

  private static void unscheduleJournal(Completed completed, Tables tables) {
    if (hasOwnExpiry(completed)) {
      long at = completed.journalExpiresAtMillis();
      tables.expiries().delete(new TimerKey(at, completed.id(), Layouts.JOURNAL_ONLY));
    }
  }

  /** Whether the journal is to be forgotten before the outcome. */
  private static boolean hasOwnExpiry(Completed completed) {
    Retention retention = completed.creation().retention();
    return completed.journalEntries() > 0
        && retention.journalMillis() < retention.completionMillis();
  }

  /** Forgets all that is kept of it; of a workflow, its state and its promises too. */
  private static void forget(Completed completed, Tables tables) {
    deleteJournal(completed.id(), completed.journalEntries(), tables);
    tables.completed().delete(completed.id());
    forgetWorkflow(completed.target(), tables);
  }

  /** A workflow's state and promises live as long as its run is remembered. */
  static void forgetWorkflow(InvocationTarget target, Tables tables) {
    if (target.kind() == HandlerKind.WORKFLOW_RUN) {
      PromiseRules.forget(target.object(), tables);
      StateRules.forget(target.object(), tables);
    }
  }

  Result purge(Command.PurgeExpired command, ApplyContext ctx) {
    for (TimerKey key : command.expired()) {
      if (key.atMillis() <= ctx.nowMillis()) {
        purge(key, ctx.tables());
      }
    }
    return Result.DONE;
  }

  private static void purge(TimerKey key, Tables tables) {
    Long incarnation = tables.expiries().find(key);
    if (incarnation == null) {
      return;
    }
    tables.expiries().delete(key);
    Completed completed = tables.completed().find(key.id());
    if (completed == null || completed.creation().incarnation() != incarnation) {
      return;
    }
    if (key.completionId() == Layouts.OUTCOME) {
      forget(completed, tables);
    } else {
      deleteJournal(completed.id(), completed.journalEntries(), tables);
      tables.completed().put(completed.id(), withoutJournal(completed));
    }
  }

  private static Completed withoutJournal(Completed completed) {
    return new Completed(
        completed.id(),
        completed.target(),
        completed.creation(),
        completed.outcome(),
        0,
        completed.completedAtMillis(),
        completed.pin());
  }

  static void deleteJournal(InvocationId id, int entries, Tables tables) {
    for (int index = 0; index < entries; index++) {
      tables.journal().delete(new Keys.Journal(id, index));
    }
  }
}
