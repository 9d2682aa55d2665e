package dev.reprise.cluster.partition;

import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.TablesView;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Invocations that are to run and for which the invoker had no room: they are in the table, and are
 * read from there in rounds, a slice at a time, when there is. So a million of them cost no memory.
 * One per epoch; confined to the leader loop.
 *
 * <p>A round passes over those whose service has taken its share, so that others behind them are
 * found. It rests where nobody who waits has room, and goes on from there: filling up one service
 * again and again reads each row once, not the table each time.
 */
final class Backlog {
  private static final int SLICE = 512;

  private final TablesView tables;
  private final Invoker invoker;
  private final Loop loop;

  /** Services with invocations that were left in the table; some may have gone since. */
  private final Set<String> waiting = new HashSet<>();

  /** Those left since this round began, who may stand before its place. */
  private final Set<String> left = new HashSet<>();

  /** Nobody knows yet who waits: a new leader reads everything that is open. */
  private boolean unread = true;

  private @Nullable InvocationId readThrough;
  private boolean scheduled;
  private boolean closed;

  Backlog(TablesView tables, Invoker invoker, Loop loop) {
    this.tables = tables;
    this.invoker = invoker;
    this.loop = loop;
  }

  /** Runs the invocation now, or leaves it in the table until there is room. */
  void run(Invocation invocation, @Nullable JournalEntry input) {
    String service = invocation.target().service();
    if (invoker.room(service) == Invoker.Room.FREE) {
      invoker.run(invocation, input != null ? input : wholeJournal(invocation));
    } else {
      leave(service);
    }
  }

  /**
   * The journal where it is no more than the input: what waited for its key, for its time or for a
   * limit. One look-up of a row that is mostly still in memory; a replay would take a snapshot and
   * a cursor that asks every file.
   */
  private @Nullable JournalEntry wholeJournal(Invocation invocation) {
    return invocation.progress().entries() == 1 ? tables.journalEntry(invocation.id(), 0) : null;
  }

  private void leave(String service) {
    waiting.add(service);
    left.add(service);
  }

  /** Reads on, if there is something to read and room for it. */
  void fill() {
    if (scheduled || closed || !isWorthReading()) {
      return;
    }
    Slice read;
    try (var scan =
        readThrough == null ? tables.invocations() : tables.invocationsAfter(readThrough)) {
      read = slice(scan);
    }
    if (read == Slice.LAST) {
      readThrough = null;
      unread = false;
      waiting.clear();
      waiting.addAll(left);
      left.clear();
    }
    if (read != Slice.NO_ROOM && isWorthReading()) {
      // A long table must not hold up the loop: on in the next turn.
      scheduled = true;
      loop.execute(
          () -> {
            scheduled = false;
            fill();
            invoker.flush();
          });
    }
  }

  private boolean isWorthReading() {
    return unread
        || waiting.stream().anyMatch(service -> invoker.room(service) == Invoker.Room.FREE);
  }

  /** How a slice ended. */
  private enum Slice {
    MORE,
    LAST,
    NO_ROOM
  }

  private Slice slice(TablesView.Scan<InvocationId, Invocation> scan) {
    for (int i = 0; i < SLICE; i++) {
      if (!scan.next()) {
        return Slice.LAST;
      }
      Invocation invocation = scan.value();
      if (invocation.status() instanceof Status.Invoked) {
        String service = invocation.target().service();
        switch (invoker.room(service)) {
          case FREE -> invoker.run(invocation, null);
          case SHARE_TAKEN -> leave(service);
          case FULL -> {
            return Slice.NO_ROOM;
          }
        }
      }
      readThrough = invocation.id();
    }
    return Slice.MORE;
  }

  void close() {
    closed = true;
  }
}
