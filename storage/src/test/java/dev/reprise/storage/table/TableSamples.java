package dev.reprise.storage.table;

import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Awaiting.Combinator;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Creation;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.InvocationTarget;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitPattern;
import dev.reprise.storage.model.LimitRule;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Progress;
import dev.reprise.storage.model.Promise;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.model.Waiter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One row or more of every table, with every kind of value in it. */
public final class TableSamples {
  public static final InvocationId ID =
      new InvocationId(0x4666d48f18bfcb97L, 0x20ba2461de3625fcL, 0x62bc4742369c8ff8L);
  public static final InvocationTarget TARGET =
      new InvocationTarget("Cart", "ada ☕", "add", HandlerKind.EXCLUSIVE);
  public static final Waiter WAITER = new Waiter(513, ID, 1L << 40, 0xFFFF_FFFF);
  public static final Retention RETENTION = new Retention(86_400_000, 3_600_000);
  public static final Outcome FAILURE = new Outcome.Failure(409, "no", Map.of("b", "2", "a", "1"));
  public static final Outcome SUCCESS = new Outcome.Success(Bytes.utf8("yes"));
  public static final NewInvocation ASKED =
      new NewInvocation(
          ID, TARGET, -1, 2, "key", Bytes.utf8("input"), 1_700_000_000_000L, RETENTION, -3, WAITER);

  /** A workflow's run, in a scope and with both names of a limit key. */
  public static final InvocationTarget SCOPED =
      new InvocationTarget("Signup", "ada ☕", "run", HandlerKind.WORKFLOW_RUN, "tenant-1");

  public static final NewInvocation SCOPED_ASKED =
      new NewInvocation(
          ID, SCOPED, -1, 2, "", Bytes.utf8("in"), 0, RETENTION, -3, WAITER, "premium/cpu");
  public static final LimitLevel LEVEL = new LimitLevel("tenant-1", "premium", "cpu");
  public static final LimitRules RULES =
      new LimitRules(
          300,
          List.of(
              new LimitRule(LimitPattern.parse("*/premium/*"), LimitRule.MAX_CONCURRENCY),
              new LimitRule(LimitPattern.parse("tenant-1"), 0)));
  public static final RequestId REQUEST = new RequestId(-1, 2);
  public static final Awaiting ANY = Awaiting.any(List.of(1, -1), List.of(17), List.of("cancel"));

  /** Every combinator, and leaves at every level. */
  public static final Awaiting TREE =
      node(
          Combinator.FIRST_COMPLETED,
          node(
              Combinator.FIRST_SUCCEEDED_OR_ALL_FAILED,
              node(Combinator.ALL_COMPLETED, ANY),
              node(Combinator.ALL_SUCCEEDED_OR_FIRST_FAILED, ANY)),
          node(Combinator.UNKNOWN, ANY));

  public static final Signal NAMED = new Signal(new SignalId.Name("go"), SUCCESS);
  public static final Signal AWAKEABLE = new Signal(new SignalId.Index(17), FAILURE);
  public static final StatePatch PATCH =
      new StatePatch(
          REQUEST, "hash", List.of(new StateEntry(Bytes.utf8("count"), Bytes.utf8("1"))));
  private static final Creation CREATION =
      new Creation(7L << 20 | 1, -1, 2, 1_700_000_000_000L, "key", RETENTION, -3);
  private static final Creation SCOPED_CREATION =
      new Creation(7L << 20 | 1, -1, 2, 1_700_000_000_000L, "", RETENTION, -3, "premium/cpu");
  private static final ObjectId OBJECT = TARGET.object();

  /** A row of a table. */
  public record Row<K, V>(Layout<K, V> layout, K key, V value) {
    public byte[] valueBytes() {
      var out = new dev.reprise.storage.kv.ByteWriter();
      layout.writeValue(value, out);
      return out.toBytes();
    }

    /** Whether these bytes are the key, and these the value. */
    public boolean reads(byte[] keyBytes, byte[] valueBytes) {
      return layout.readKey(keyBytes).equals(key) && layout.readValue(valueBytes).equals(value);
    }
  }

  private TableSamples() {}

  private static Awaiting node(Combinator combinator, Awaiting... nested) {
    return new Awaiting(combinator, List.of(3), List.of(1), List.of(), List.of(nested));
  }

  public static Map<String, Row<?, ?>> all() {
    Map<String, Row<?, ?>> rows = new LinkedHashMap<>();
    Applied applied = new Applied(3, 1_000, 990, 9, 1_700_000_000_000L, -5, 1);
    rows.put("position", new Row<>(Layouts.APPLIED, 0, applied));
    rows.put("invocation, scheduled", open(new Status.Scheduled(1_800_000_000_000L)));
    rows.put("invocation, inboxed", open(new Status.Inboxed(7L << 20 | 2)));
    rows.put("invocation, limited", open(new Status.Limited(7L << 20 | 2, 2, false)));
    rows.put("invocation, limited again", open(new Status.Limited(7L << 20 | 2, 0, true)));
    rows.put(
        "invocation, scoped",
        new Row<>(
            Layouts.INVOCATION,
            ID,
            new Invocation(
                ID, SCOPED, SCOPED_CREATION, Status.INVOKED, Progress.of(5), List.of())));
    rows.put("invocation, invoked", open(Status.INVOKED));
    rows.put("invocation, pausing", open(Status.PAUSING));
    rows.put("invocation, suspended", open(new Status.Suspended(ANY)));
    rows.put("invocation, suspended on a tree", open(new Status.Suspended(TREE)));
    rows.put("invocation, paused", open(new Status.Paused("gave up")));
    rows.put(
        "invocation, new",
        new Row<>(
            Layouts.INVOCATION,
            ID,
            new Invocation(ID, TARGET, CREATION, Status.INVOKED, Progress.of(5), List.of())));
    rows.put("completed, success", ended(SUCCESS));
    rows.put("completed, failure", ended(FAILURE));
    rows.put(
        "completed, scoped",
        new Row<>(
            Layouts.COMPLETED,
            ID,
            new Completed(ID, SCOPED, SCOPED_CREATION, SUCCESS, 2, 1_700_000_000_002L, null)));
    TimerKey timer = new TimerKey(1_800_000_000_000L, ID, -2);
    rows.put("expiry", new Row<>(Layouts.EXPIRY, timer, 7L << 20));
    rows.put(
        "journal entry",
        new Row<>(
            Layouts.JOURNAL,
            new Keys.Journal(ID, 258),
            new JournalEntry(0x0400, Bytes.utf8("{}"))));
    rows.put("pending run", pending(Pending.RUN));
    rows.put("pending sleep", pending(new Pending.Sleep(1_800_000_000_000L)));
    rows.put("pending call", pending(new Pending.Call(ID)));
    rows.put("pending attach", pending(new Pending.Attach(ID)));
    rows.put("pending output", pending(new Pending.Output(ID)));
    rows.put("pending promise", pending(new Pending.Promise("approved ☕")));
    rows.put("signal, named", signal(NAMED.id()));
    rows.put("signal, by index", signal(AWAKEABLE.id()));
    rows.put("promise, open", promise(new Promise.Open(List.of(WAITER))));
    rows.put("promise, decided", promise(new Promise.Decided(SUCCESS, REQUEST)));
    Keys.Patch patchPlace = new Keys.Patch(OBJECT, 1L << 33);
    rows.put("patch", new Row<>(Layouts.PATCH, patchPlace, PATCH));
    rows.put("timer", new Row<>(Layouts.TIMER, timer, 7L << 20));
    rows.put("lock", new Row<>(Layouts.LOCK, OBJECT, new ObjectLock(ID, 300, 2)));
    rows.put("inbox place", new Row<>(Layouts.INBOX, new Keys.Inbox(OBJECT, 1L << 33), ID));
    Keys.State state = new Keys.State(OBJECT, Bytes.of(new byte[] {0, 1, (byte) 0xFF}));
    rows.put("state", new Row<>(Layouts.STATE, state, Bytes.utf8("value")));
    Keys.Outbox place = new Keys.Outbox(513, 1L << 33);
    rows.put("outbox, create", new Row<>(Layouts.OUTBOX, place, new OutboxMessage.Create(ASKED)));
    rows.put("outbox, create scoped", outbox(place, new OutboxMessage.Create(SCOPED_ASKED)));
    rows.put(
        "outbox, answer",
        new Row<>(Layouts.OUTBOX, place, new OutboxMessage.Answer(WAITER, FAILURE)));
    rows.put("outbox, not ready", outbox(place, new OutboxMessage.NotReady(WAITER)));
    rows.put("outbox, send", outbox(place, new OutboxMessage.Send(ID, NAMED, REQUEST)));
    rows.put(
        "outbox, send cancel", outbox(place, new OutboxMessage.Send(ID, Signal.CANCEL, REQUEST)));
    rows.put("outbox, attach", outbox(place, new OutboxMessage.Attach(ID, WAITER)));
    rows.put("outbox, get output", outbox(place, new OutboxMessage.GetOutput(ID, WAITER)));
    rows.put("outbox, kill", outbox(place, new OutboxMessage.Kill(ID, REQUEST, 4)));
    rows.put("outbox next", new Row<>(Layouts.OUTBOX_NEXT, 513, 1L << 33));
    rows.put(
        "state, scoped",
        new Row<>(
            Layouts.STATE, new Keys.State(SCOPED.object(), Bytes.utf8("a")), Bytes.utf8("value")));
    rows.put("limit rules", new Row<>(Layouts.LIMIT_RULES, 0, RULES));
    rows.put("limit usage", new Row<>(Layouts.LIMIT_USAGE, LEVEL, new LimitUsage(300, 2)));
    rows.put(
        "limit usage, of a scope",
        new Row<>(Layouts.LIMIT_USAGE, new LimitLevel("tenant-1", "", ""), new LimitUsage(0, 1)));
    rows.put(
        "limit place", new Row<>(Layouts.LIMIT_QUEUE, new Keys.LimitPlace(LEVEL, 1L << 33), ID));
    rows.put("dedup", new Row<>(Layouts.DEDUP, 513, 1L << 33));
    return rows;
  }

  private static Row<?, ?> open(Status status) {
    Progress progress =
        new Progress(
            300,
            200,
            299,
            2,
            1,
            298,
            1_700_000_000_001L,
            new AttemptId(990, 3),
            new Pin("dp_1", 6));
    return new Row<>(
        Layouts.INVOCATION,
        ID,
        new Invocation(ID, TARGET, CREATION, status, progress, List.of(WAITER)));
  }

  private static Row<?, ?> ended(Outcome outcome) {
    return new Row<>(
        Layouts.COMPLETED,
        ID,
        new Completed(ID, TARGET, CREATION, outcome, 300, 1_700_000_000_002L, new Pin("dp_1", 6)));
  }

  private static Row<?, ?> pending(Pending reason) {
    return new Row<>(Layouts.PENDING, new Keys.Pending(ID, -2), reason);
  }

  private static Row<?, ?> signal(SignalId id) {
    return new Row<>(Layouts.SIGNAL, new Keys.Signal(ID, id), new SignalReceipt(258, REQUEST));
  }

  private static Row<?, ?> promise(Promise promise) {
    return new Row<>(Layouts.PROMISE, new Keys.Promise(OBJECT, "approved ☕"), promise);
  }

  private static Row<?, ?> outbox(Keys.Outbox place, OutboxMessage message) {
    return new Row<>(Layouts.OUTBOX, place, message);
  }
}
