package dev.reprise.storage.table;

import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyWriter;
import dev.reprise.storage.kv.Reads;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.Promise;
import dev.reprise.storage.model.TimerKey;
import org.jspecify.annotations.Nullable;

/**
 * Committed rows, for whoever only looks: the leader, the front doors, operators. As current, and
 * as safe to share between threads, as the {@link Reads} it is given.
 */
public final class TablesView {
  private final Reads reads;

  public TablesView(Reads reads) {
    this.reads = reads;
  }

  /** Where the tables stand. */
  public static Applied applied(Reads reads) {
    byte[] value = reads.get(Layouts.APPLIED.key(0));
    return value == null ? Applied.NOTHING : Layouts.APPLIED.readValue(value);
  }

  public @Nullable Invocation invocation(InvocationId id) {
    return find(Layouts.INVOCATION, id);
  }

  public @Nullable Completed completed(InvocationId id) {
    return find(Layouts.COMPLETED, id);
  }

  public @Nullable Pending pending(InvocationId id, int completionId) {
    return find(Layouts.PENDING, new Keys.Pending(id, completionId));
  }

  public @Nullable ObjectLock lock(ObjectId object) {
    return find(Layouts.LOCK, object);
  }

  public @Nullable JournalEntry journalEntry(InvocationId id, int index) {
    return find(Layouts.JOURNAL, new Keys.Journal(id, index));
  }

  /** The sequence that the next message to this partition will have. */
  public long outboxNext(int receiver) {
    Long next = find(Layouts.OUTBOX_NEXT, receiver);
    return next == null ? 1 : next;
  }

  public Scan<InvocationId, Invocation> invocations() {
    return all(Layouts.INVOCATION);
  }

  /** Open invocations with ids above this one. */
  public Scan<InvocationId, Invocation> invocationsAfter(InvocationId id) {
    byte[] from = KeyWriter.successorOfPrefix(Layouts.INVOCATION.key(id));
    return new Scan<>(Layouts.INVOCATION, reads.scan(from, end(Layouts.INVOCATION.prefix())));
  }

  public Scan<InvocationId, Completed> completed() {
    return all(Layouts.COMPLETED);
  }

  /** Those that have ended, with ids above this one. */
  public Scan<InvocationId, Completed> completedAfter(InvocationId id) {
    byte[] from = KeyWriter.successorOfPrefix(Layouts.COMPLETED.key(id));
    return new Scan<>(Layouts.COMPLETED, reads.scan(from, end(Layouts.COMPLETED.prefix())));
  }

  public Scan<Keys.Journal, JournalEntry> journal(InvocationId id) {
    return prefixed(Layouts.JOURNAL, Layouts.prefixOf(TableId.JOURNAL, id));
  }

  public Scan<Keys.Pending, Pending> pending(InvocationId id) {
    return prefixed(Layouts.PENDING, Layouts.prefixOf(TableId.PENDING, id));
  }

  public Scan<Keys.State, Bytes> state(ObjectId object) {
    return prefixed(Layouts.STATE, Layouts.prefixOf(TableId.STATE, object));
  }

  public @Nullable Promise promise(ObjectId workflow, String key) {
    return find(Layouts.PROMISE, new Keys.Promise(workflow, key));
  }

  public Scan<Keys.Promise, Promise> promises(ObjectId workflow) {
    return prefixed(Layouts.PROMISE, Layouts.prefixOf(TableId.PROMISE, workflow));
  }

  public Scan<Keys.Signal, SignalReceipt> signals(InvocationId id) {
    return prefixed(Layouts.SIGNAL, Layouts.prefixOf(TableId.SIGNAL, id));
  }

  /** Timers from this key on, soonest first. */
  public Scan<TimerKey, Long> timersFrom(TimerKey from) {
    return new Scan<>(
        Layouts.TIMER, reads.scan(Layouts.TIMER.key(from), end(Layouts.TIMER.prefix())));
  }

  public Scan<TimerKey, Long> timers() {
    return all(Layouts.TIMER);
  }

  /** What is to be forgotten before this time, from this key on. */
  public Scan<TimerKey, Long> expiriesBefore(@Nullable TimerKey from, long untilMillis) {
    byte[] first = from == null ? Layouts.EXPIRY.prefix() : Layouts.EXPIRY.key(from);
    KeyWriter until =
        new KeyWriter().uint8(TableId.EXPIRY.number()).uint64(Math.max(0, untilMillis));
    return new Scan<>(Layouts.EXPIRY, reads.scan(first, until.toBytes()));
  }

  /** Messages for a partition, from this sequence on. */
  public Scan<Keys.Outbox, OutboxMessage> outbox(int receiver, long fromSequence) {
    byte[] prefix = new KeyWriter().uint8(TableId.OUTBOX.number()).uint16(receiver).toBytes();
    return new Scan<>(
        Layouts.OUTBOX,
        reads.scan(Layouts.OUTBOX.key(new Keys.Outbox(receiver, fromSequence)), end(prefix)));
  }

  /** For each receiver that was ever written to: its next sequence. */
  public Scan<Integer, Long> outboxReceivers() {
    return all(Layouts.OUTBOX_NEXT);
  }

  private <K, V> @Nullable V find(Layout<K, V> layout, K key) {
    byte[] value = reads.get(layout.key(key));
    return value == null ? null : layout.readValue(value);
  }

  private <K, V> Scan<K, V> all(Layout<K, V> layout) {
    return prefixed(layout, layout.prefix());
  }

  private <K, V> Scan<K, V> prefixed(Layout<K, V> layout, byte[] prefix) {
    return new Scan<>(layout, reads.scan(prefix, end(prefix)));
  }

  private static byte[] end(byte[] prefix) {
    return KeyWriter.successorOfPrefix(prefix);
  }

  /** A walk over typed rows in the order of their keys. Starts before the first; must be closed. */
  public static final class Scan<K, V> implements AutoCloseable {
    private final Layout<K, V> layout;
    private final Cursor cursor;

    Scan(Layout<K, V> layout, Cursor cursor) {
      this.layout = layout;
      this.cursor = cursor;
    }

    public boolean next() {
      return cursor.next();
    }

    public K key() {
      return layout.readKey(cursor.key());
    }

    public V value() {
      return layout.readValue(cursor.value());
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
