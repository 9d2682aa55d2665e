package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one command works with: the tables, log time, the invocations it has in hand, and the
 * actions it asks for. Confined to the apply thread.
 */
final class ApplyContext {
  private static final int POSITIONS_PER_ENTRY_BITS = 20;

  private final Tables tables;
  private final List<Action> actions = new ArrayList<>();
  private final Map<InvocationId, OpenInvocation> inHand = new LinkedHashMap<>();
  private final long index;
  private int positions;
  private int actionsBeforeCommand;

  ApplyContext(Tables tables, long index) {
    this.tables = tables;
    this.index = index;
  }

  Tables tables() {
    return tables;
  }

  long nowMillis() {
    return tables.applied().clockMillis();
  }

  long epoch() {
    return tables.applied().epoch();
  }

  /**
   * The log position of what is created or queued now: rises, and is never given twice. The fields
   * of a partition's log position are the entry's index and a count within it.
   */
  long nextPosition() {
    Invariant.hold(
        positions < 1 << POSITIONS_PER_ENTRY_BITS,
        "Expected fewer than 2^20 positions in an entry, but there are more");
    return (index << POSITIONS_PER_ENTRY_BITS) | positions++;
  }

  /** The open invocation with this id, taken in hand; null when there is none. */
  @Nullable OpenInvocation find(InvocationId id) {
    OpenInvocation held = inHand.get(id);
    if (held != null) {
      return held.gone() ? null : held;
    }
    Invocation stored = tables.invocations().find(id);
    if (stored == null) {
      return null;
    }
    OpenInvocation opened = new OpenInvocation(stored);
    inHand.put(id, opened);
    return opened;
  }

  /** The same, if it is still in that life. */
  @Nullable OpenInvocation find(InvocationId id, long incarnation) {
    OpenInvocation found = find(id);
    return found == null || found.current().incarnation() != incarnation ? null : found;
  }

  OpenInvocation create(Invocation invocation) {
    OpenInvocation created = new OpenInvocation(invocation);
    tables.invocations().insert(invocation.id(), invocation);
    inHand.put(invocation.id(), created);
    return created;
  }

  /** Appends to the journal and says where. */
  int append(OpenInvocation invocation, boolean command, JournalEntry entry) {
    int at = invocation.takeIndex(command, nowMillis());
    tables.journal().insert(new Keys.Journal(invocation.current().id(), at), entry);
    return at;
  }

  void emit(Action action) {
    actions.add(action);
  }

  void beginCommand() {
    tables.mark();
    inHand.clear();
    actionsBeforeCommand = actions.size();
  }

  /** Writes down what was in hand, and asks for the attempts that are to start. */
  void endCommand() {
    for (OpenInvocation invocation : inHand.values()) {
      if (!invocation.gone()) {
        Invocation current = invocation.current();
        if (invocation.changed()) {
          tables.invocations().put(current.id(), current);
        }
        if (invocation.starts()) {
          actions.add(new Action.StartAttempt(current, invocation.input()));
        }
      }
    }
    inHand.clear();
  }

  /** As if the command had never been. */
  void discardCommand() {
    tables.rollback();
    inHand.clear();
    actions.subList(actionsBeforeCommand, actions.size()).clear();
  }

  List<Action> actions() {
    return actions;
  }
}
