package dev.reprise.storage.table;

import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.WriteBatch;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.Promise;
import dev.reprise.storage.model.StatePatch;
import dev.reprise.storage.model.TimerKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * All tables of a partition, as the log entry that is being applied sees them. Confined to the
 * apply thread.
 *
 * <p>Changes gather in memory and reach the store together, in {@link #commit}: one entry, one
 * native write, the applied position inside.
 */
public final class Tables {
  private static final int OPEN_CACHED = 16_384;
  private static final int APPLIED_KEY = 0;
  private static final long HASH_FACTOR = 0x9E3779B97F4A7C15L;

  private final KeyValueStore store;
  private final Deque<Runnable> undo = new ArrayDeque<>();
  private final WriteBatch batch = new WriteBatch();
  private final CRC32C checksum = new CRC32C();

  private final Rows<InvocationId, Invocation> invocations;
  private final Rows<InvocationId, Completed> completed;
  private final Rows<TimerKey, Long> expiries;
  private final Rows<Keys.Journal, JournalEntry> journal;
  private final Rows<Keys.Pending, Pending> pending;
  private final Rows<TimerKey, Long> timers;
  private final Rows<Keys.State, Bytes> state;
  private final Rows<Keys.Signal, SignalReceipt> signals;
  private final Rows<Keys.Promise, Promise> promises;
  private final Rows<Keys.Patch, StatePatch> patches;
  private final Rows<Keys.Outbox, OutboxMessage> outbox;
  private final Rows<Integer, Long> outboxNext;
  private final Rows<Integer, Long> dedup;
  private final Inbox inbox;
  private final LimitTables limits;
  private final List<Rows<?, ?>> all;

  private Applied applied;

  public Tables(KeyValueStore store) {
    this.store = store;
    invocations = new Rows<>(Layouts.INVOCATION, store, undo, OPEN_CACHED);
    completed = new Rows<>(Layouts.COMPLETED, store, undo, 0);
    expiries = new Rows<>(Layouts.EXPIRY, store, undo, 0);
    journal = new Rows<>(Layouts.JOURNAL, store, undo, 0);
    pending = new Rows<>(Layouts.PENDING, store, undo, OPEN_CACHED);
    timers = new Rows<>(Layouts.TIMER, store, undo, 0);
    Rows<ObjectId, ObjectLock> locks = new Rows<>(Layouts.LOCK, store, undo, OPEN_CACHED);
    Rows<Keys.Inbox, InvocationId> queues = new Rows<>(Layouts.INBOX, store, undo, 0);
    inbox = new Inbox(locks, queues, store);
    state = new Rows<>(Layouts.STATE, store, undo, 0);
    signals = new Rows<>(Layouts.SIGNAL, store, undo, 0);
    promises = new Rows<>(Layouts.PROMISE, store, undo, 0);
    patches = new Rows<>(Layouts.PATCH, store, undo, 0);
    outbox = new Rows<>(Layouts.OUTBOX, store, undo, 0);
    outboxNext = new Rows<>(Layouts.OUTBOX_NEXT, store, undo, 65_536);
    dedup = new Rows<>(Layouts.DEDUP, store, undo, 65_536);
    Rows<Integer, LimitRules> rules = new Rows<>(Layouts.LIMIT_RULES, store, undo, 1);
    Rows<LimitLevel, LimitUsage> usage = new Rows<>(Layouts.LIMIT_USAGE, store, undo, OPEN_CACHED);
    Rows<Keys.LimitPlace, InvocationId> limited = new Rows<>(Layouts.LIMIT_QUEUE, store, undo, 0);
    limits = new LimitTables(rules, usage, limited, store);
    all =
        List.of(
            invocations,
            completed,
            expiries,
            journal,
            pending,
            timers,
            locks,
            queues,
            state,
            signals,
            promises,
            patches,
            outbox,
            outboxNext,
            dedup,
            rules,
            usage,
            limited);
    applied = TablesView.applied(store);
  }

  /** Where the tables stand, this entry's changes to the clock and epoch included. */
  public Applied applied() {
    return applied;
  }

  /** Moves log time to {@code millis}, or leaves it where it is: it never runs backwards. */
  public void advanceClock(long millis) {
    at(applied.epoch(), applied.sequence(), Math.max(applied.clockMillis(), millis));
  }

  /** A leader was announced; its own entries begin with sequence 1. */
  public void beginEpoch(long epoch) {
    at(epoch, 0, applied.clockMillis());
  }

  /** The epoch's entry with this sequence is the last that was taken. */
  public void advanceSequence(long sequence) {
    at(applied.epoch(), sequence, applied.clockMillis());
  }

  /** From here on entries have the meaning of this version. */
  public void raiseRules(int version) {
    applied =
        new Applied(
            applied.term(),
            applied.index(),
            applied.epoch(),
            applied.sequence(),
            applied.clockMillis(),
            applied.hash(),
            version);
  }

  private void at(long epoch, long sequence, long clockMillis) {
    applied =
        new Applied(
            applied.term(),
            applied.index(),
            epoch,
            sequence,
            clockMillis,
            applied.hash(),
            applied.ruleVersion());
  }

  /** Everything changed from here on can be taken back with {@link #rollback}. */
  public void mark() {
    undo.clear();
  }

  /** Takes back what changed since {@link #mark}. */
  public void rollback() {
    while (!undo.isEmpty()) {
      undo.pop().run();
    }
    inbox.forget();
    limits.forget();
  }

  /** Writes all changes and the position to the store, atomically. */
  public void commit(long term, long index) {
    batch.reset();
    for (Rows<?, ?> rows : all) {
      rows.write(batch);
    }
    applied =
        new Applied(
            term,
            index,
            applied.epoch(),
            applied.sequence(),
            applied.clockMillis(),
            nextHash(),
            applied.ruleVersion());
    var value = new ByteWriter();
    Layouts.APPLIED.writeValue(applied, value);
    batch.put(Layouts.APPLIED.key(APPLIED_KEY), value.toBytes());
    store.write(batch);
    for (Rows<?, ?> rows : all) {
      rows.committed();
    }
    undo.clear();
  }

  private long nextHash() {
    if (batch.isEmpty()) {
      return applied.hash();
    }
    checksum.reset();
    checksum.update(batch.array(), 0, batch.size());
    return applied.hash() * HASH_FACTOR + checksum.getValue() + 1;
  }

  public Rows<InvocationId, Invocation> invocations() {
    return invocations;
  }

  public Rows<InvocationId, Completed> completed() {
    return completed;
  }

  public Rows<TimerKey, Long> expiries() {
    return expiries;
  }

  public Rows<Keys.Journal, JournalEntry> journal() {
    return journal;
  }

  public Rows<Keys.Pending, Pending> pending() {
    return pending;
  }

  public Rows<TimerKey, Long> timers() {
    return timers;
  }

  public Inbox inbox() {
    return inbox;
  }

  public LimitTables limits() {
    return limits;
  }

  public Rows<Keys.State, Bytes> state() {
    return state;
  }

  public Rows<Keys.Signal, SignalReceipt> signals() {
    return signals;
  }

  public Rows<Keys.Promise, Promise> promises() {
    return promises;
  }

  public Rows<Keys.Patch, StatePatch> patches() {
    return patches;
  }

  public Rows<Keys.Outbox, OutboxMessage> outbox() {
    return outbox;
  }

  public Rows<Integer, Long> outboxNext() {
    return outboxNext;
  }

  public Rows<Integer, Long> dedup() {
    return dedup;
  }
}
