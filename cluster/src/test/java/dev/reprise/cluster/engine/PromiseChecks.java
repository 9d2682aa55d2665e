package dev.reprise.cluster.engine;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyWriter;
import dev.reprise.storage.kv.Reads;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Promise;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.Layouts;
import dev.reprise.storage.table.TablesView;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is decided stands until its workflow is forgotten, and goes with it. What is decided
 * afterwards is there for the key's next run, as what is decided before the first one is.
 */
public final class PromiseChecks {
  private final Reads reads;
  private final TablesView tables;

  /** Workflows that have run, and how that ended is kept. */
  private final Map<InvocationId, ObjectId> kept = new HashMap<>();

  private Map<Keys.Promise, Promise.Decided> before = Map.of();

  public PromiseChecks(Reads reads) {
    this.reads = reads;
    this.tables = new TablesView(reads);
  }

  /** After every entry. */
  public void after(LogEntry entry, PartitionStateMachine.Effects effects) {
    Set<ObjectId> forgotten = forgotten(effects);
    boolean decides = entry.commands().stream().anyMatch(PromiseChecks::mayDecide);
    Map<Keys.Promise, Promise.Decided> now = decided();
    before.forEach(
        (key, promise) -> {
          boolean same = promise.equals(now.get(key));
          boolean goes = forgotten.contains(key.workflow());
          if (!same && !goes) {
            throw new AssertionError("⑬ Expected " + key + " to stay " + promise + ", it did not");
          }
          if (same && goes && !decides) {
            throw new AssertionError("⑬ Expected " + key + " to go with its workflow, it did not");
          }
        });
    before = now;
  }

  private Set<ObjectId> forgotten(PartitionStateMachine.Effects effects) {
    Set<ObjectId> forgotten = new HashSet<>();
    // Who runs anew was forgotten, perhaps in this very entry.
    kept.entrySet()
        .removeIf(it -> tables.completed(it.getKey()) == null && forgotten.add(it.getValue()));
    for (Action action : effects.actions()) {
      if (action instanceof Action.Announce announce) {
        Completed ended = announce.completed();
        if (ended.target().kind() == HandlerKind.WORKFLOW_RUN
            && kept.put(ended.id(), ended.target().object()) != null) {
          forgotten.add(ended.target().object());
        }
      }
    }
    kept.entrySet()
        .removeIf(it -> tables.completed(it.getKey()) == null && forgotten.add(it.getValue()));
    return forgotten;
  }

  private static boolean mayDecide(Command command) {
    return command instanceof Command.CompletePromise || command instanceof Command.AttemptSaid;
  }

  private Map<Keys.Promise, Promise.Decided> decided() {
    Map<Keys.Promise, Promise.Decided> decided = new HashMap<>();
    byte[] prefix = Layouts.PROMISE.prefix();
    try (Cursor cursor = reads.scan(prefix, KeyWriter.successorOfPrefix(prefix))) {
      while (cursor.next()) {
        if (Layouts.PROMISE.readValue(cursor.value()) instanceof Promise.Decided promise) {
          decided.put(Layouts.PROMISE.readKey(cursor.key()), promise);
        }
      }
    }
    return decided;
  }

  /** At the end of everything: nobody waits any more. */
  public void nobodyWaits() {
    byte[] prefix = Layouts.PROMISE.prefix();
    try (Cursor cursor = reads.scan(prefix, KeyWriter.successorOfPrefix(prefix))) {
      while (cursor.next()) {
        if (Layouts.PROMISE.readValue(cursor.value()) instanceof Promise.Open open) {
          throw new AssertionError("⑪ Expected nobody to wait, but " + open.waiters());
        }
      }
    }
  }
}
