package dev.reprise.cluster.partition;

import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.TablesView;
import org.jspecify.annotations.Nullable;

/**
 * Invocations that are to run and for which the invoker had no room: they are in the table, and are
 * read from there, a slice at a time, when there is. So a million of them cost no memory. One per
 * epoch; confined to the leader loop.
 */
final class Backlog {
  private static final int SLICE = 512;

  private final TablesView tables;
  private final Invoker invoker;
  private final Loop loop;
  private boolean behind = true;
  private @Nullable InvocationId readThrough;
  private boolean missedSomeBefore;
  private boolean scheduled;
  private boolean closed;

  /** Begins behind: a new leader reads everything that is open. */
  Backlog(TablesView tables, Invoker invoker, Loop loop) {
    this.tables = tables;
    this.invoker = invoker;
    this.loop = loop;
  }

  /** Runs the invocation now, or leaves it in the table until there is room. */
  void run(Invocation invocation, @Nullable JournalEntry input) {
    if (invoker.hasRoom()) {
      invoker.run(invocation, input);
      return;
    }
    behind = true;
    if (readThrough != null && invocation.id().compareTo(readThrough) <= 0) {
      missedSomeBefore = true;
    }
  }

  /** Reads on, if there is something to read and room for it. */
  void fill() {
    if (scheduled || closed || !behind || !invoker.hasRoom()) {
      return;
    }
    boolean more;
    try (var scan =
        readThrough == null ? tables.invocations() : tables.invocationsAfter(readThrough)) {
      more = slice(scan);
    }
    if (!more) {
      readThrough = null;
      behind = missedSomeBefore;
      missedSomeBefore = false;
    }
    if (behind && invoker.hasRoom()) {
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

  private boolean slice(TablesView.Scan<InvocationId, Invocation> scan) {
    for (int i = 0; i < SLICE; i++) {
      if (!invoker.hasRoom()) {
        return true;
      }
      if (!scan.next()) {
        return false;
      }
      Invocation invocation = scan.value();
      readThrough = invocation.id();
      if (invocation.status() instanceof Status.Invoked) {
        invoker.run(invocation, null);
      }
    }
    return true;
  }

  void close() {
    closed = true;
  }
}
