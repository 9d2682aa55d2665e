package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.Layouts;
import dev.reprise.storage.table.Tables;

/** How long what has ended is kept, and how it is forgotten. */
final class Retentions {
  /** Notes when the outcome, and before it perhaps the journal, are to be forgotten. */
  static void schedule(Completed completed, Tables tables) {
    Retention retention = completed.creation().retention();
    long incarnation = completed.creation().incarnation();
    TimerKey outcome = new TimerKey(completed.expiresAtMillis(), completed.id(), Layouts.OUTCOME);
    tables.expiries().insert(outcome, incarnation);
    if (completed.journalEntries() > 0
        && retention.journalMillis() < retention.completionMillis()) {
      long at = completed.journalExpiresAtMillis();
      tables.expiries().insert(new TimerKey(at, completed.id(), Layouts.JOURNAL_ONLY), incarnation);
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
    deleteJournal(completed.id(), completed.journalEntries(), tables);
    if (key.completionId() == Layouts.OUTCOME) {
      tables.completed().delete(completed.id());
    } else {
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
