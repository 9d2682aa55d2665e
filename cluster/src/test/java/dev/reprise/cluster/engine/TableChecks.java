package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.Promise;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.ObjectLock;
import dev.reprise.storage.table.TablesView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold in the tables of one partition, whatever happened. */
public final class TableChecks {
  private record Life(InvocationId id, long incarnation) {}

  private final int partition;
  private final TablesView tables;
  private final LimitChecks limits;

  /** Per life: how long its journal was, and a hash over it. */
  private final Map<Life, long[]> journals = new HashMap<>();

  public TableChecks(int partition, TablesView tables) {
    this.partition = partition;
    this.tables = tables;
    this.limits = new LimitChecks(tables);
  }

  public boolean hasTimer(TimerKey timer) {
    try (var scan = tables.timersFrom(timer)) {
      return scan.next() && scan.key().equals(timer);
    }
  }

  public boolean isInvoked(InvocationId id) {
    Invocation invocation = tables.invocation(id);
    return invocation != null && invocation.status() instanceof Status.Invoked;
  }

  /** After every entry: ③ for whoever it may have put to sleep. */
  public void after(LogEntry entry) {
    limits.after();
    for (Command command : entry.commands()) {
      if (command instanceof Command.AttemptSaid said) {
        Invocation invocation = tables.invocation(said.id());
        if (invocation != null && invocation.status() instanceof Status.Suspended suspended) {
          checkCanWake(invocation, suspended);
        }
      }
    }
  }

  /** Now and then: all of it. */
  public void look() {
    limits.look();
    Map<ObjectId, InvocationId> owners = new HashMap<>();
    try (var scan = tables.invocations()) {
      while (scan.next()) {
        Invocation invocation = scan.value();
        checkOwner(invocation, owners);
        checkJournal(invocation);
        if (invocation.status() instanceof Status.Suspended suspended) {
          checkCanWake(invocation, suspended);
        }
      }
    }
  }

  /** ② At most one exclusive invocation has its object's key, and it is the one in the lock. */
  private void checkOwner(Invocation invocation, Map<ObjectId, InvocationId> owners) {
    boolean owns =
        invocation.target().kind() == HandlerKind.EXCLUSIVE
            && !(invocation.status() instanceof Status.Inboxed)
            && !(invocation.status() instanceof Status.Scheduled);
    if (!owns) {
      return;
    }
    ObjectId object = invocation.target().object();
    ObjectLock lock = tables.lock(object);
    boolean alone = owners.put(object, invocation.id()) == null;
    if (!alone || lock == null || !lock.holder().equals(invocation.id())) {
      throw new AssertionError(
          "② Expected one owner of " + object + " in partition " + partition + ", but got another");
    }
  }

  /** ③ A signal, a timer, a promise or another invocation can wake it. */
  private void checkCanWake(Invocation invocation, Status.Suspended suspended) {
    if (!canWake(invocation, suspended.awaiting())) {
      throw new AssertionError("③ Expected " + invocation + " to have a reason to wake up");
    }
  }

  private boolean canWake(Invocation invocation, Awaiting awaiting) {
    // A signal can always come.
    boolean canWake = !awaiting.signals().isEmpty() || !awaiting.names().isEmpty();
    for (int completion : awaiting.completions()) {
      canWake |=
          switch (tables.pending(invocation.id(), completion)) {
            case Pending.Sleep sleep ->
                hasTimer(new TimerKey(sleep.atMillis(), invocation.id(), completion));
            case Pending.Promise promise -> isWaitedFor(promise, invocation);
            case Pending.Call call -> true;
            case Pending.Attach attach -> true;
            case Pending.Output output -> true;
            case Pending.Run run -> false;
            case null -> false;
          };
    }
    return canWake || awaiting.nested().stream().anyMatch(it -> canWake(invocation, it));
  }

  private boolean isWaitedFor(Pending.Promise promise, Invocation invocation) {
    return tables.promise(invocation.target().object(), promise.key()) instanceof Promise.Open open
        && open.waiters().stream().anyMatch(it -> it.id().equals(invocation.id()));
  }

  /** ⑤ Journals only grow. */
  private void checkJournal(Invocation invocation) {
    Life life = new Life(invocation.id(), invocation.incarnation());
    long[] before = journals.getOrDefault(life, new long[2]);
    long hash = 0;
    long length = 0;
    try (var scan = tables.journal(invocation.id())) {
      while (scan.next()) {
        Keys.Journal key = scan.key();
        JournalEntry entry = scan.value();
        hash = hash * 31 + List.of(key.index(), entry.type(), entry.payload()).hashCode();
        length++;
        if (length == before[0] && hash != before[1]) {
          throw new AssertionError("⑤ Expected the journal of " + life + " to stand, it changed");
        }
      }
    }
    boolean fits = length >= before[0] && length == invocation.progress().entries();
    if (!fits) {
      throw new AssertionError("⑤ Expected the journal of " + life + " to grow, it did not");
    }
    journals.put(life, new long[] {length, hash});
  }
}
