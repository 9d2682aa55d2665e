package dev.reprise.server.invoker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.Failure;
import dev.reprise.api.protocol.GetLazyStateCommandMessage;
import dev.reprise.api.protocol.InputCommandMessage;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.api.protocol.Void;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.partition.Invoker;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Replay;
import dev.reprise.server.invoker.frames.CompletionIds;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Creation;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Progress;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A partition in a few lists: journals, objects and waiters, with rules just good enough to run
 * invocations. Proposals are answered in a later turn of the loop, as a log would. Confined to the
 * loop, but for the methods that say otherwise.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
final class ListHost implements Invoker.Host {
  private static final long EPOCH = 7;

  private final Loop loop;
  private final Map<InvocationId, Life> lives = new HashMap<>();
  private final Map<String, TreeMap<String, Bytes>> states = new HashMap<>();
  private final List<Command.AttemptSaid> proposals =
      Collections.synchronizedList(new ArrayList<>());
  private final List<String> reasons = new CopyOnWriteArrayList<>();
  private final List<Throwable> mishaps = new CopyOnWriteArrayList<>();
  private @Nullable Invoker invoker;
  private long incarnations;
  private boolean answering = true;
  private boolean outboxRoom = true;
  private int roomAgain;
  private final List<Runnable> unanswered = new ArrayList<>();

  ListHost(Loop loop) {
    this.loop = loop;
  }

  void invoker(Invoker of) {
    invoker = of;
  }

  /** One invocation. */
  private static final class Life {
    private Invocation invocation;
    private final List<JournalEntry> journal = new ArrayList<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private @Nullable Awaiting awaiting;
    private boolean output;

    Life(Invocation invocation) {
      this.invocation = invocation;
    }
  }

  // ---- what tests ask; any thread ----

  /** Creates the invocation and runs it. */
  CompletableFuture<Outcome> invoke(NewInvocation wanted) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    loop.execute(
        () -> {
          Life life = create(wanted);
          life.outcome.whenComplete((value, error) -> outcome.complete(value));
          invoker().flush();
        });
    return outcome;
  }

  /** All that was proposed for an invocation. */
  List<Command.AttemptSaid> proposals() {
    return proposals;
  }

  /** Why invocations were paused. */
  List<String> pauses() {
    return reasons;
  }

  /** What was proposed and could not be applied, or could not bear its answer. */
  List<Throwable> mishaps() {
    return mishaps;
  }

  int timesRoomAgain() {
    return roomAgain;
  }

  /** With false, proposals are kept and answered later. */
  void answering(boolean now) {
    loop.execute(
        () -> {
          answering = now;
          if (now) {
            List.copyOf(unanswered).forEach(Runnable::run);
            unanswered.clear();
            invoker().flush();
          }
        });
  }

  void outboxRoom(boolean room) {
    loop.execute(() -> outboxRoom = room);
  }

  void state(String object, String key, Bytes value) {
    states.computeIfAbsent(object, any -> new TreeMap<>()).put(key, value);
  }

  /** Tells the invoker that the invocation is to pause. */
  void pause(InvocationId id) {
    loop.execute(
        () -> {
          invoker().pause(id, life(id).invocation.incarnation());
          invoker().flush();
        });
  }

  /** Tells the invoker that the invocation is to go on at once. */
  void hurry(InvocationId id) {
    loop.execute(
        () -> {
          invoker().hurry(id, life(id).invocation.incarnation());
          invoker().flush();
        });
  }

  /** Tells the invoker that this life of the invocation is over. */
  void abort(InvocationId id, long incarnationsAgo) {
    loop.execute(
        () -> {
          invoker().abort(id, life(id).invocation.incarnation() - incarnationsAgo);
          invoker().flush();
        });
  }

  /** Ends the invocation at once, without asking its handler. */
  void kill(InvocationId id) {
    loop.execute(() -> life(id).outcome.complete(new Outcome.Failure(409, "killed")));
  }

  /** Appends a notification and tells the attempt or wakes the invocation. */
  void notification(InvocationId id, int type, NotificationTemplate notification) {
    loop.execute(
        () -> {
          notified(id, type, notification);
          invoker().flush();
        });
  }

  List<String> journalTypes(InvocationId id) {
    CompletableFuture<List<String>> types = new CompletableFuture<>();
    loop.execute(
        () ->
            types.complete(
                life(id).journal.stream().map(each -> MessageType.nameOf(each.type())).toList()));
    return types.join();
  }

  // ---- Host ----

  @Override
  public long epoch() {
    return EPOCH;
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public long nowMillis() {
    return System.nanoTime() / 1_000_000;
  }

  @Override
  public void propose(Command.AttemptSaid said, Consumer<Result> answer) {
    proposals.add(said);
    Runnable apply =
        () -> {
          try {
            List<Runnable> actions = new ArrayList<>();
            answer.accept(apply(said, actions));
            actions.forEach(Runnable::run);
            invoker().flush();
          } catch (RuntimeException | AssertionError e) {
            mishaps.add(e);
          }
        };
    loop.execute(
        () -> {
          if (answering) {
            apply.run();
          } else {
            unanswered.add(apply);
          }
        });
  }

  @Override
  public boolean outboxHasRoom(int receiver) {
    return outboxRoom;
  }

  @Override
  public void roomAgain() {
    roomAgain++;
  }

  @Override
  public @Nullable Replay replay(InvocationId id, long incarnation) {
    Life life = lives.get(id);
    if (life == null || life.outcome.isDone() || life.invocation.incarnation() != incarnation) {
      return null;
    }
    List<JournalEntry> journal = List.copyOf(life.journal);
    return new ListReplay(life.invocation, journal, stateOf(life.invocation.target().object()));
  }

  @Override
  public Replay.State state(ObjectId object, long limitBytes) {
    return limited(stateOf(object), limitBytes);
  }

  private Map<String, Bytes> stateOf(ObjectId object) {
    return new TreeMap<>(states.getOrDefault(object.toString(), new TreeMap<>()));
  }

  private static Replay.State limited(Map<String, Bytes> state, long limitBytes) {
    List<StateEntry> entries = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, Bytes> each : state.entrySet()) {
      bytes += each.getKey().length() + each.getValue().length();
      if (bytes > limitBytes) {
        return new Replay.State(entries, false);
      }
      entries.add(new StateEntry(Bytes.utf8(each.getKey()), each.getValue()));
    }
    return new Replay.State(entries, true);
  }

  private static final class ListReplay implements Replay {
    private final Invocation invocation;
    private final List<JournalEntry> journal;
    private final Map<String, Bytes> state;
    private int at;

    ListReplay(Invocation invocation, List<JournalEntry> journal, Map<String, Bytes> state) {
      this.invocation = invocation;
      this.journal = journal;
      this.state = state;
    }

    @Override
    public Invocation invocation() {
      return invocation;
    }

    @Override
    public @Nullable JournalEntry next() {
      return at < journal.size() ? journal.get(at++) : null;
    }

    @Override
    public State state(long limitBytes) {
      return limited(state, limitBytes);
    }

    @Override
    public void close() {
      at = journal.size();
    }
  }

  // ---- rules ----

  private Life create(NewInvocation wanted) {
    Creation creation =
        new Creation(++incarnations, 1, 1, nowMillis(), "", Retention.NONE, wanted.randomSeed());
    JournalEntry input = new JournalEntry(MessageType.INPUT, wanted.input());
    Invocation fresh =
        new Invocation(
            wanted.id(),
            wanted.target(),
            creation,
            Status.INVOKED,
            Progress.of(nowMillis()),
            List.of());
    Life life = new Life(fresh);
    lives.put(wanted.id(), life);
    append(life, input);
    if (wanted.waiter() != null) {
      life.waiters.add(wanted.waiter());
    }
    invoker().run(life.invocation, input);
    return life;
  }

  private Result apply(Command.AttemptSaid said, List<Runnable> actions) {
    Life life = lives.get(said.id());
    if (life == null || life.outcome.isDone()) {
      return Result.STALE;
    }
    Progress progress = life.invocation.progress();
    if (said.attempt().compareTo(progress.attempt()) < 0) {
      return Result.STALE;
    }
    if (said.firstCommand() != progress.commands()) {
      return new Result.Gap(progress.commands());
    }
    life.invocation =
        life.invocation.with(
            new Progress(
                progress.entries(),
                progress.commands(),
                progress.output(),
                progress.pending(),
                progress.signals(),
                progress.woken(),
                nowMillis(),
                said.attempt(),
                said.pin()));
    for (Statement each : said.statements()) {
      apply(life, each, actions);
    }
    return Result.DONE;
  }

  private void apply(Life life, Statement statement, List<Runnable> actions) {
    switch (statement) {
      case Statement.Journaled journaled -> journaled(life, journaled, actions);
      case Statement.Called called -> called(life, called, actions);
      case Statement.Signaled signaled ->
          append(life, new JournalEntry(signaled.type(), signaled.payload()));
      case Statement.Attached attached ->
          append(life, new JournalEntry(attached.type(), attached.payload()));
      case Statement.RunCompleted completed -> {
        JournalEntry entry = new JournalEntry(MessageType.RUN_COMPLETION, completed.notification());
        tell(life, entry, actions);
      }
      case Statement.Suspended suspended -> {
        life.awaiting = suspended.awaiting();
        actions.add(() -> wakeIfSatisfied(life));
      }
      case Statement.Ended ended -> end(life, outcome(life), actions);
      case Statement.Failed failed -> end(life, failed.failure(), actions);
      case Statement.Paused paused -> reasons.add(paused.reason());
      case Statement.PauseHeeded heeded -> reasons.add(heeded.reason());
    }
  }

  private void journaled(Life life, Statement.Journaled said, List<Runnable> actions) {
    append(life, new JournalEntry(said.type(), said.payload()));
    byte[] payload = said.payload().toArray();
    try {
      switch (said.type()) {
        case MessageType.OUTPUT -> life.output = true;
        case MessageType.SLEEP -> {
          SleepCommandMessage sleep = SleepCommandMessage.parseFrom(payload);
          NotificationTemplate woken =
              NotificationTemplate.newBuilder()
                  .setCompletionId(sleep.getResultCompletionId())
                  .setVoid(Void.getDefaultInstance())
                  .build();
          long now = System.currentTimeMillis();
          long delay = Math.clamp(sleep.getWakeUpTime(), now, now + 86_400_000) - now;
          InvocationId id = life.invocation.id();
          loop.schedule(
              Duration.ofMillis(delay),
              () -> {
                notified(id, MessageType.SLEEP_COMPLETION, woken);
                invoker().flush();
              });
        }
        case MessageType.SET_STATE -> {
          SetStateCommandMessage set = SetStateCommandMessage.parseFrom(payload);
          String object = life.invocation.target().object().toString();
          state(object, set.getKey().toStringUtf8(), Bytes.of(set.getValue().toByteArray()));
        }
        case MessageType.GET_LAZY_STATE -> {
          GetLazyStateCommandMessage get = GetLazyStateCommandMessage.parseFrom(payload);
          NotificationTemplate.Builder value =
              NotificationTemplate.newBuilder().setCompletionId(get.getResultCompletionId());
          value.setVoid(Void.getDefaultInstance());
          tell(life, entry(MessageType.GET_LAZY_STATE_COMPLETION, value.build()), actions);
        }
        default -> {}
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("Expected only well-formed frames to be proposed", e);
    }
  }

  private void called(Life life, Statement.Called called, List<Runnable> actions) {
    append(life, new JournalEntry(called.type(), called.payload()));
    NotificationTemplate id =
        NotificationTemplate.newBuilder()
            .setCompletionId(called.idCompletion())
            .setInvocationId(called.callee().id().toString())
            .build();
    tell(life, entry(MessageType.CALL_INVOCATION_ID, id), actions);
    actions.add(() -> create(called.callee()));
  }

  private static JournalEntry entry(int type, NotificationTemplate notification) {
    return new JournalEntry(type, Bytes.of(notification.toByteArray()));
  }

  private void notified(InvocationId id, int type, NotificationTemplate notification) {
    Life life = lives.get(id);
    if (life != null && !life.outcome.isDone()) {
      List<Runnable> actions = new ArrayList<>();
      tell(life, entry(type, notification), actions);
      actions.forEach(Runnable::run);
      wakeIfSatisfied(life);
    }
  }

  private void tell(Life life, JournalEntry entry, List<Runnable> actions) {
    int index = life.journal.size();
    append(life, entry);
    Invocation of = life.invocation;
    actions.add(() -> invoker().notify(of.id(), of.incarnation(), index, entry));
  }

  private void append(Life life, JournalEntry entry) {
    life.journal.add(entry);
    Progress before = life.invocation.progress();
    boolean command = MessageType.isCommand(entry.type());
    life.invocation =
        life.invocation.with(
            new Progress(
                before.entries() + 1,
                before.commands() + (command ? 1 : 0),
                entry.type() == MessageType.OUTPUT ? before.entries() : before.output(),
                before.pending(),
                before.signals(),
                before.woken(),
                nowMillis(),
                before.attempt(),
                before.pin()));
  }

  private void wakeIfSatisfied(Life life) {
    Awaiting awaiting = life.awaiting;
    if (awaiting == null || life.outcome.isDone()) {
      return;
    }
    for (JournalEntry each : life.journal) {
      if (MessageType.isNotification(each.type())) {
        int completion = CompletionIds.field(each.payload(), 1);
        int signal = CompletionIds.field(each.payload(), 2);
        if (mentions(awaiting, completion, signal)) {
          life.awaiting = null;
          invoker().run(life.invocation, null);
          return;
        }
      }
    }
  }

  /** Good enough for one that waits for any of them. */
  private static boolean mentions(Awaiting awaiting, int completion, int signal) {
    return awaiting.completions().contains(completion)
        || awaiting.signals().contains(signal)
        || awaiting.nested().stream().anyMatch(each -> mentions(each, completion, signal));
  }

  private static Outcome outcome(Life life) {
    if (!life.output) {
      throw new AssertionError("Expected an output before the end");
    }
    JournalEntry last =
        life.journal.stream()
            .filter(each -> each.type() == MessageType.OUTPUT)
            .reduce((first, second) -> second)
            .orElseThrow();
    try {
      OutputCommandMessage output =
          OutputCommandMessage.parseFrom(ByteString.copyFrom(last.payload().toArray()));
      return output.hasFailure()
          ? new Outcome.Failure(output.getFailure().getCode(), output.getFailure().getMessage())
          : new Outcome.Success(Bytes.of(output.getValue().getContent().toByteArray()));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("Expected a well-formed output", e);
    }
  }

  private void end(Life life, Outcome outcome, List<Runnable> actions) {
    life.outcome.complete(outcome);
    for (Waiter waiter : life.waiters) {
      NotificationTemplate.Builder answer =
          NotificationTemplate.newBuilder().setCompletionId(waiter.completionId());
      switch (outcome) {
        case Outcome.Success success ->
            answer.setValue(
                Value.newBuilder().setContent(ByteString.copyFrom(success.value().toArray())));
        case Outcome.Failure failure ->
            answer.setFailure(
                Failure.newBuilder().setCode(failure.code()).setMessage(failure.message()));
      }
      actions.add(() -> notified(waiter.id(), MessageType.CALL_COMPLETION, answer.build()));
    }
  }

  private Life life(InvocationId id) {
    Life life = lives.get(id);
    if (life == null) {
      throw new AssertionError("Expected an invocation " + id + ", but there is none");
    }
    return life;
  }

  private Invoker invoker() {
    if (invoker == null) {
      throw new AssertionError("Expected an invoker");
    }
    return invoker;
  }

  /** An input entry's payload with this value. */
  static Bytes input(String value) {
    return Bytes.of(
        InputCommandMessage.newBuilder()
            .setValue(Value.newBuilder().setContent(ByteString.copyFromUtf8(value)))
            .build()
            .toByteArray());
  }
}
