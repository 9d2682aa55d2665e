package dev.reprise.storage.table;

import dev.reprise.storage.codec.Codec;
import dev.reprise.storage.codec.CompletedCodec;
import dev.reprise.storage.codec.InvocationCodec;
import dev.reprise.storage.codec.LimitCodec;
import dev.reprise.storage.codec.OutboxMessageCodec;
import dev.reprise.storage.codec.Parts;
import dev.reprise.storage.codec.PendingCodec;
import dev.reprise.storage.codec.PromiseCodec;
import dev.reprise.storage.kv.ByteReader;
import dev.reprise.storage.kv.ByteWriter;
import dev.reprise.storage.kv.KeyReader;
import dev.reprise.storage.kv.KeyWriter;
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
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.StatePatch;
import dev.reprise.storage.model.TimerKey;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Every table's bytes. Keys are big-endian and compared unsigned; strings are escaped and
 * terminated, so that no key is a prefix of another. Locked by {@code FormatLockTest}.
 *
 * <p>Longer than most: a table is a few lines, and all of them are one contract.
 */
public final class Layouts {
  /** {@code META} → where the tables stand. */
  public static final Layout<Integer, Applied> APPLIED =
      new Layout<>(
          TableId.META,
          (key, out) -> out.uint8(key),
          KeyReader::uint8,
          codec(Layouts::applied, Layouts::applied));

  /** {@code INVOCATION | id (24)} → an open invocation. */
  public static final Layout<InvocationId, Invocation> INVOCATION =
      new Layout<>(TableId.INVOCATION, Layouts::id, Layouts::id, InvocationCodec.INSTANCE);

  /** {@code COMPLETED | id (24)} → what is left of one that ended. */
  public static final Layout<InvocationId, Completed> COMPLETED =
      new Layout<>(TableId.COMPLETED, Layouts::id, Layouts::id, CompletedCodec.INSTANCE);

  /**
   * {@code EXPIRY | at (8) | id (24) | what (4)} → incarnation. What: {@link #OUTCOME} or {@link
   * #JOURNAL_ONLY}.
   */
  public static final Layout<TimerKey, Long> EXPIRY =
      new Layout<>(TableId.EXPIRY, Layouts::timer, Layouts::timer, number());

  /** {@code JOURNAL | id (24) | index (4)} → type (2), payload. */
  public static final Layout<Keys.Journal, JournalEntry> JOURNAL =
      new Layout<>(
          TableId.JOURNAL,
          (key, out) -> {
            id(key.id(), out);
            out.uint32(key.index());
          },
          in -> new Keys.Journal(id(in), (int) in.uint32()),
          codec(Layouts::entry, Layouts::entry));

  /** {@code PENDING | id (24) | completion (4)} → why it has not arrived. */
  public static final Layout<Keys.Pending, Pending> PENDING =
      new Layout<>(
          TableId.PENDING,
          (key, out) -> {
            id(key.id(), out);
            out.uint32(Integer.toUnsignedLong(key.completionId()));
          },
          in -> new Keys.Pending(id(in), (int) in.uint32()),
          PendingCodec.INSTANCE);

  /** {@code TIMER | at (8) | id (24) | completion (4), 0 for the start} → incarnation. */
  public static final Layout<TimerKey, Long> TIMER =
      new Layout<>(TableId.TIMER, Layouts::timer, Layouts::timer, number());

  /** {@code LOCK | service | key} → holder, how many wait, how many patches. */
  public static final Layout<ObjectId, ObjectLock> LOCK =
      new Layout<>(
          TableId.LOCK, Layouts::object, Layouts::object, codec(Layouts::lock, Layouts::lock));

  /** {@code INBOX | service | key | sequence (8)} → invocation id. */
  public static final Layout<Keys.Inbox, InvocationId> INBOX =
      new Layout<>(
          TableId.INBOX,
          (key, out) -> {
            object(key.object(), out);
            out.uint64(key.sequence());
          },
          in -> new Keys.Inbox(object(in), in.uint64()),
          codec(Parts::id, Parts::id));

  /** {@code STATE | service | key | state key} → value. */
  public static final Layout<Keys.State, Bytes> STATE =
      new Layout<>(
          TableId.STATE,
          (key, out) -> {
            object(key.object(), out);
            out.string(key.key().toArray());
          },
          in -> new Keys.State(object(in), Bytes.of(in.stringBytes())),
          codec(Parts::bytes, Parts::bytes));

  /** {@code SIGNAL | id (24) | 0, index (4) or 1, name} → place in the journal. */
  public static final Layout<Keys.Signal, SignalReceipt> SIGNAL =
      new Layout<>(
          TableId.SIGNAL,
          Layouts::signal,
          Layouts::signal,
          codec(Layouts::receipt, Layouts::receipt));

  /** {@code PROMISE | service | key | promise key} → who waits, or what was decided. */
  public static final Layout<Keys.Promise, Promise> PROMISE =
      new Layout<>(
          TableId.PROMISE,
          (key, out) -> {
            object(key.workflow(), out);
            out.string(key.key());
          },
          in -> new Keys.Promise(object(in), in.string()),
          PromiseCodec.INSTANCE);

  /** {@code PATCH | service | key | sequence (8)} → a change of state. */
  public static final Layout<Keys.Patch, StatePatch> PATCH =
      new Layout<>(
          TableId.PATCH,
          (key, out) -> {
            object(key.object(), out);
            out.uint64(key.sequence());
          },
          in -> new Keys.Patch(object(in), in.uint64()),
          codec(Parts::statePatch, Parts::statePatch));

  /** {@code OUTBOX | receiver (2) | sequence (8)} → message. */
  public static final Layout<Keys.Outbox, OutboxMessage> OUTBOX =
      new Layout<>(
          TableId.OUTBOX,
          (key, out) -> out.uint16(key.receiver()).uint64(key.sequence()),
          in -> new Keys.Outbox(in.uint16(), in.uint64()),
          OutboxMessageCodec.INSTANCE);

  /** {@code OUTBOX_NEXT | receiver (2)} → the sequence of the next message. */
  public static final Layout<Integer, Long> OUTBOX_NEXT =
      new Layout<>(TableId.OUTBOX_NEXT, (key, out) -> out.uint16(key), KeyReader::uint16, number());

  /** {@code DEDUP | sender (2)} → the last sequence that was accepted. */
  public static final Layout<Integer, Long> DEDUP =
      new Layout<>(TableId.DEDUP, (key, out) -> out.uint16(key), KeyReader::uint16, number());

  /** {@code LIMIT_RULES} → the rules that limits follow. */
  public static final Layout<Integer, LimitRules> LIMIT_RULES =
      new Layout<>(
          TableId.LIMIT_RULES,
          (key, out) -> out.uint8(key),
          KeyReader::uint8,
          codec(LimitCodec::rules, LimitCodec::rules));

  /** {@code LIMIT_USAGE | scope | first name | second name} → how many run, how many wait. */
  public static final Layout<LimitLevel, LimitUsage> LIMIT_USAGE =
      new Layout<>(
          TableId.LIMIT_USAGE,
          Layouts::level,
          Layouts::level,
          codec(
              (it, out) -> out.varint(it.running()).varint(it.waiting()),
              in -> new LimitUsage(in.varint(Integer.MAX_VALUE), in.varint(Integer.MAX_VALUE))));

  /** {@code LIMIT_QUEUE | scope | first name | second name | sequence (8)} → invocation id. */
  public static final Layout<Keys.LimitPlace, InvocationId> LIMIT_QUEUE =
      new Layout<>(
          TableId.LIMIT_QUEUE,
          (key, out) -> {
            level(key.level(), out);
            out.uint64(key.sequence());
          },
          in -> new Keys.LimitPlace(level(in), in.uint64()),
          codec(Parts::id, Parts::id));

  /** In {@link #EXPIRY}: the outcome, and what is left of the journal, are forgotten. */
  public static final int OUTCOME = 0;

  /** In {@link #EXPIRY}: the journal is forgotten, the outcome stays. */
  public static final int JOURNAL_ONLY = 1;

  private static final int SIGNAL_INDEX = 0;
  private static final int SIGNAL_NAME = 1;

  private Layouts() {}

  /** The prefix of all rows about one invocation in a table whose keys begin with its id. */
  public static byte[] prefixOf(TableId table, InvocationId id) {
    KeyWriter out = new KeyWriter().uint8(table.number());
    id(id, out);
    return out.toBytes();
  }

  /** The prefix of all rows about one object in a table whose keys begin with it. */
  public static byte[] prefixOf(TableId table, ObjectId object) {
    KeyWriter out = new KeyWriter().uint8(table.number());
    object(object, out);
    return out.toBytes();
  }

  /** The prefix of a level's queue. */
  static byte[] prefixOf(LimitLevel level) {
    KeyWriter out = new KeyWriter().uint8(TableId.LIMIT_QUEUE.number());
    level(level, out);
    return out.toBytes();
  }

  private static void level(LimitLevel level, KeyWriter out) {
    out.string(level.scope()).string(level.first()).string(level.second());
  }

  private static LimitLevel level(KeyReader in) {
    return new LimitLevel(in.string(), in.string(), in.string());
  }

  private static void id(InvocationId id, KeyWriter out) {
    out.uint64(id.partitionKey()).uint64(id.uuidHigh()).uint64(id.uuidLow());
  }

  private static InvocationId id(KeyReader in) {
    return new InvocationId(in.uint64(), in.uint64(), in.uint64());
  }

  private static void object(ObjectId object, KeyWriter out) {
    out.string(Parts.serviceOf(object)).string(object.key());
  }

  private static ObjectId object(KeyReader in) {
    return Parts.object(in.string(), in.string());
  }

  private static void timer(TimerKey timer, KeyWriter out) {
    out.uint64(timer.atMillis());
    id(timer.id(), out);
    out.uint32(Integer.toUnsignedLong(timer.completionId()));
  }

  private static TimerKey timer(KeyReader in) {
    return new TimerKey(in.uint64(), id(in), (int) in.uint32());
  }

  private static void applied(Applied applied, ByteWriter out) {
    out.uint8(1).varint(applied.term()).varint(applied.index()).varint(applied.epoch());
    out.varint(applied.sequence())
        .varint(applied.clockMillis())
        .uint64(applied.hash())
        .varint(applied.ruleVersion());
  }

  private static Applied applied(ByteReader in) {
    int version = in.uint8();
    if (version != 1) {
      throw Parts.unknown("a table format of version 1", version);
    }
    return new Applied(
        in.varint(),
        in.varint(),
        in.varint(),
        in.varint(),
        in.varint(),
        in.uint64(),
        in.varint(0xFFFF));
  }

  private static void entry(JournalEntry entry, ByteWriter out) {
    Bytes payload = entry.payload();
    out.uint16(entry.type()).raw(payload.array(), payload.offset(), payload.length());
  }

  private static JournalEntry entry(ByteReader in) {
    int type = in.uint16();
    Bytes payload = Bytes.of(in.array(), in.position(), in.remaining());
    in.skip(in.remaining());
    return new JournalEntry(type, payload);
  }

  private static void lock(ObjectLock lock, ByteWriter out) {
    Parts.id(lock.holder(), out);
    out.varint(lock.waiting()).varint(lock.patches());
  }

  private static ObjectLock lock(ByteReader in) {
    InvocationId holder = Parts.id(in);
    return new ObjectLock(holder, in.varint(Integer.MAX_VALUE), in.varint(Integer.MAX_VALUE));
  }

  private static void signal(Keys.Signal key, KeyWriter out) {
    id(key.id(), out);
    switch (key.signal()) {
      case SignalId.Index it -> out.uint8(SIGNAL_INDEX).uint32(Integer.toUnsignedLong(it.index()));
      case SignalId.Name it -> out.uint8(SIGNAL_NAME).string(it.name());
    }
  }

  private static Keys.Signal signal(KeyReader in) {
    InvocationId id = id(in);
    int tag = in.uint8();
    SignalId signal =
        switch (tag) {
          case SIGNAL_INDEX -> new SignalId.Index((int) in.uint32());
          case SIGNAL_NAME -> new SignalId.Name(in.string());
          default -> throw Parts.unknown("a signal", tag);
        };
    return new Keys.Signal(id, signal);
  }

  private static void receipt(SignalReceipt receipt, ByteWriter out) {
    out.varint(receipt.index());
    Parts.request(receipt.request(), out);
  }

  private static SignalReceipt receipt(ByteReader in) {
    return new SignalReceipt(in.varint(Integer.MAX_VALUE), Parts.request(in));
  }

  private static Codec<Long> number() {
    return codec((it, out) -> out.varint(it), ByteReader::varint);
  }

  private static <T> Codec<T> codec(
      BiConsumer<T, ByteWriter> writer, Function<ByteReader, T> reader) {
    return new Codec<>() {
      @Override
      public void write(T value, ByteWriter out) {
        writer.accept(value, out);
      }

      @Override
      public T read(ByteReader in) {
        return reader.apply(in);
      }
    };
  }
}
