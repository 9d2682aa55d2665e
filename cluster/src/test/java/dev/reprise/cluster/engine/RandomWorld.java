package dev.reprise.cluster.engine;

import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.model.Waiter;
import dev.reprise.storage.table.Layouts;
import dev.reprise.storage.table.TablesView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Random commands over a small world: a few invocations, two keys, three completions, two other
 * partitions. Most are sensible, many are late, repeated, too early or out of nowhere.
 *
 * <p>Longer than most: a line for each thing that may be asked.
 */
final class RandomWorld {
  private static final List<Asked> ASKED =
      List.of(
          Asked.plain("p1"),
          Asked.plain("p2"),
          Asked.exclusive("x1", "k"),
          Asked.exclusive("x2", "k"),
          Asked.exclusive("x3", "k"),
          Asked.exclusive("y1", "other"),
          Asked.shared("s1", "k"),
          Asked.workflow("w1"),
          Asked.beside("b1", "w1"));

  private static final ObjectId WORKFLOW = new ObjectId("Signup", "w1");

  private final SplittableRandom random;
  private final TablesView tables;
  private final long[] sent = new long[3];
  private long nowMillis;
  private long epoch;
  private long requests;

  /**
   * @param store what has come of the commands so far
   */
  RandomWorld(long seed, MemoryStore store) {
    this.random = new SplittableRandom(seed);
    this.tables = new TablesView(store);
  }

  void epochIs(long begun) {
    epoch = begun;
  }

  void passTo(long millis) {
    nowMillis = Math.max(nowMillis, millis);
  }

  /** The next message of the first sender. */
  Command delivered(OutboxMessage message) {
    sent[1]++;
    return new Command.Deliver(1, sent[1], List.of(message));
  }

  long nowMillis() {
    return nowMillis;
  }

  boolean oneIn(int many) {
    return random.nextInt(many) == 0;
  }

  int upTo(int many) {
    return random.nextInt(many);
  }

  Command next() {
    nowMillis += random.nextInt(4) == 0 ? random.nextInt(200) : 0;
    return switch (random.nextInt(30)) {
      case 0, 1, 2, 3 -> new Command.Invoke(asked().make());
      case 4, 5 -> new Command.FireTimers(someTimers());
      case 6 -> deliver();
      case 7 -> new Command.TruncateOutbox(1 + random.nextInt(2), 1, random.nextInt(4));
      case 8 -> new Command.PurgeExpired(someExpiries());
      case 9 -> operation();
      case 10 -> new Command.Mark();
      case 11 -> new Command.SendSignal(any().id(), signal(), request());
      case 12 -> decides();
      case 13 -> patch();
      case 14, 15 -> operation();
      default -> said();
    };
  }

  private Command operation() {
    InvocationId id = any().id();
    return switch (random.nextInt(9)) {
      case 0, 1 -> new Command.Cancel(id, request());
      case 2 -> new Command.Kill(id);
      case 3 -> new Command.Pause(id);
      case 4 -> new Command.Purge(id);
      case 5 -> new Command.PurgeJournal(id);
      case 6 -> new Command.Restart(id, any().id(), request(), random.nextInt(4), pin(), 7);
      default -> new Command.Resume(id, random.nextInt(3) == 0 ? pin() : null);
    };
  }

  private @Nullable Pin pin() {
    return switch (random.nextInt(3)) {
      case 0 -> new Pin("dp_2", PartitionStory.PIN.protocolVersion());
      case 1 -> new Pin("dp_2", PartitionStory.PIN.protocolVersion() + 1);
      default -> null;
    };
  }

  /** Now and then one that was there before. */
  private RequestId request() {
    return new RequestId(0, random.nextInt(3) == 0 ? Math.max(1, requests) : ++requests);
  }

  private Signal signal() {
    String value = random.nextInt(3) == 0 ? null : "s" + requests;
    return Says.of(signalId(), value);
  }

  private SignalId signalId() {
    return switch (random.nextInt(4)) {
      case 0 -> SignalId.CANCEL;
      case 1 -> new SignalId.Index(17);
      case 2 -> new SignalId.Name("go");
      default -> new SignalId.Index(18);
    };
  }

  private Command decides() {
    return new Command.CompletePromise(
        WORKFLOW, promise(), new Outcome.Success(Bytes.utf8("p" + requests)), request());
  }

  private String promise() {
    return random.nextBoolean() ? "approved" : "shipped";
  }

  private Command patch() {
    ObjectId object = new ObjectId("Counter", random.nextBoolean() ? "k" : "other");
    String version = random.nextInt(4) == 0 ? StateVersion.of(List.of()) : null;
    StateEntry entry = new StateEntry(Bytes.utf8("k1"), Bytes.utf8("patched" + requests));
    List<StateEntry> entries = random.nextInt(3) == 0 ? List.of() : List.of(entry);
    return new Command.PatchState(object, new StatePatch(request(), version, entries));
  }

  private Asked any() {
    return ASKED.get(random.nextInt(ASKED.size()));
  }

  private Asked asked() {
    Asked asked = any().request(++requests);
    if (random.nextInt(4) == 0) {
      asked = asked.startAt(nowMillis + random.nextInt(100));
    }
    return switch (random.nextInt(3)) {
      case 0 -> asked.kept(Duration.ofMillis(300), Duration.ofMillis(random.nextInt(300)));
      case 1 -> asked.kept(Duration.ofMillis(50), Duration.ZERO);
      default -> asked;
    };
  }

  private List<TimerKey> someTimers() {
    List<TimerKey> timers = new ArrayList<>();
    try (var scan = tables.timers()) {
      while (scan.next() && timers.size() < 3) {
        timers.add(scan.key());
      }
    }
    if (random.nextInt(5) == 0) {
      timers.add(new TimerKey(nowMillis, any().id(), random.nextInt(4)));
    }
    return timers;
  }

  private List<TimerKey> someExpiries() {
    List<TimerKey> expiries = new ArrayList<>();
    try (var scan = tables.expiriesBefore(null, Long.MAX_VALUE)) {
      while (scan.next() && expiries.size() < 3) {
        expiries.add(scan.key());
      }
    }
    if (random.nextInt(5) == 0) {
      expiries.add(new TimerKey(nowMillis, any().id(), Layouts.OUTCOME));
    }
    return expiries;
  }

  private Command deliver() {
    int sender = 1 + random.nextInt(2);
    long first = Math.max(1, sent[sender] + 1 - random.nextInt(3) + random.nextInt(2));
    List<OutboxMessage> messages = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      messages.add(message(sender));
    }
    if (first <= sent[sender] + 1) {
      sent[sender] = Math.max(sent[sender], first + messages.size() - 1);
    }
    return new Command.Deliver(sender, first, messages);
  }

  private OutboxMessage message(int sender) {
    Waiter far = new Waiter(sender, Asked.id("far"), 5, 1 + random.nextInt(3));
    return switch (random.nextInt(12)) {
      case 0 -> new OutboxMessage.Send(any().id(), signal(), request());
      case 1 -> new OutboxMessage.Attach(any().id(), far);
      case 2 -> new OutboxMessage.GetOutput(any().id(), far);
      case 3 -> new OutboxMessage.NotReady(waiter(any()));
      case 4 -> new OutboxMessage.Kill(any().id(), request(), 1);
      case 5, 6 -> new OutboxMessage.Create(asked().answeredTo(far).make());
      case 7, 8 -> new OutboxMessage.Create(asked().make());
      default -> new OutboxMessage.Answer(waiter(any()), new Outcome.Success(Bytes.utf8("pong")));
    };
  }

  private Waiter waiter(Asked caller) {
    return new Waiter(
        PartitionStory.SELF, caller.id(), incarnationOf(caller), 1 + random.nextInt(3));
  }

  private long incarnationOf(Asked asked) {
    Invocation invocation = tables.invocation(asked.id());
    return invocation == null ? 0 : invocation.incarnation();
  }

  private Command said() {
    Asked who = any();
    Invocation invocation = tables.invocation(who.id());
    long incarnation = incarnationOf(who) - (random.nextInt(20) == 0 ? 1 : 0);
    int commands = invocation == null ? 1 : invocation.progress().commands();
    int first = Math.max(0, commands + (random.nextInt(10) == 0 ? random.nextInt(3) - 1 : 0));
    AttemptId attempt =
        new AttemptId(random.nextInt(15) == 0 ? epoch - 1 : epoch, 1 + random.nextInt(3));
    List<Statement> statements = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      statements.add(statement(who));
    }
    if (statements.isEmpty() || random.nextBoolean()) {
      statements.add(leaving());
    }
    return new Command.AttemptSaid(
        who.id(), Math.max(0, incarnation), attempt, first, PartitionStory.PIN, statements);
  }

  private Statement statement(Asked who) {
    int completion = 1 + random.nextInt(3);
    HandlerKind kind = who.target().kind();
    boolean writes = kind == HandlerKind.EXCLUSIVE;
    boolean workflow = kind == HandlerKind.WORKFLOW_RUN || kind == HandlerKind.WORKFLOW_SHARED;
    if (workflow && random.nextBoolean()) {
      return switch (random.nextInt(3)) {
        case 0 -> Says.getPromise(completion, promise());
        case 1 -> Says.peekPromise(completion, promise());
        default -> Says.completePromise(completion, promise(), "c" + requests);
      };
    }
    return switch (random.nextInt(13)) {
      case 0 -> Says.sleep(completion, nowMillis + random.nextInt(100));
      case 1 -> Says.run(completion);
      case 2 -> Says.ran(completion, "r" + completion);
      case 3 -> writes ? Says.set("k" + completion, "v" + requests) : Says.get(completion, "k1");
      case 4 -> writes ? Says.clear("k" + completion) : Says.keys(completion);
      case 5 -> writes && random.nextInt(3) == 0 ? Says.clearAll() : Says.output("early");
      case 6 ->
          Says.call(9, random.nextInt(3), asked().answeredTo(answerHere(who, completion)).make());
      case 7 -> Says.send(9, random.nextInt(3), asked().make());
      case 8 -> Says.output("o" + completion);
      case 9 -> Says.signal(random.nextInt(3), any().name(), signalId(), "h" + requests);
      case 10 -> Says.attach(random.nextInt(3), any().name(), answerHere(who, completion));
      case 11 -> Says.getOutput(random.nextInt(3), any().name(), answerHere(who, completion));
      default -> random.nextInt(8) == 0 ? Says.garbage(0x40C) : Says.run(completion);
    };
  }

  private Waiter answerHere(Asked caller, int completion) {
    return new Waiter(PartitionStory.SELF, caller.id(), incarnationOf(caller), completion);
  }

  private Statement leaving() {
    int completion = 1 + random.nextInt(3);
    return switch (random.nextInt(12)) {
      case 8 -> Says.suspendedOn(signalId(), completion);
      case 9, 10 -> new Statement.Suspended(tree(3));
      case 0, 1 -> Says.suspended(completion);
      case 2 -> Says.suspended(completion, 1 + completion % 3);
      case 3 -> random.nextBoolean() ? Says.paused("enough") : Says.pauseHeeded("as asked");
      case 4 -> Says.failed(500, "no");
      case 5 -> Says.output("last");
      default -> Says.end();
    };
  }

  private Awaiting tree(int depth) {
    List<Awaiting> nested = new ArrayList<>();
    for (int i = depth == 0 ? 0 : random.nextInt(3); i > 0; i--) {
      nested.add(tree(depth - 1));
    }
    List<Integer> completions = List.of(1 + random.nextInt(3));
    List<Integer> signals = random.nextInt(3) == 0 ? List.of(17) : List.of();
    List<String> names = random.nextInt(4) == 0 ? List.of("go") : List.of();
    Awaiting.Combinator combinator = Awaiting.Combinator.ofCode(random.nextInt(5));
    return new Awaiting(combinator, completions, signals, names, nested);
  }
}
