package dev.reprise.server.invoker;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.Failure;
import dev.reprise.api.protocol.GetLazyStateCommandMessage;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.api.protocol.Void;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.partition.Invoker;
import dev.reprise.cluster.partition.Loop;
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
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a {@link ListHost}, just good enough to run invocations. Confined to the loop, but
 * for the methods that say otherwise.
 */
final class ListRules {
  private final Loop loop;
  private final Supplier<Invoker> invoker;
  private final Map<InvocationId, ListLife> lives = new HashMap<>();
  private final Map<String, TreeMap<String, Bytes>> states = new HashMap<>();
  private final List<String> reasons = new CopyOnWriteArrayList<>();
  private long incarnations;

  ListRules(Loop loop, Supplier<Invoker> invoker) {
    this.loop = loop;
    this.invoker = invoker;
  }

  static long now() {
    return System.nanoTime() / 1_000_000;
  }

  /** Why invocations were paused. Any thread. */
  List<String> reasons() {
    return reasons;
  }

  @Nullable ListLife find(InvocationId id) {
    return lives.get(id);
  }

  /** It must be there. */
  ListLife life(InvocationId id) {
    ListLife life = lives.get(id);
    if (life == null) {
      throw new AssertionError("Expected an invocation " + id + ", but there is none");
    }
    return life;
  }

  void state(String object, String key, Bytes value) {
    states.computeIfAbsent(object, any -> new TreeMap<>()).put(key, value);
  }

  Map<String, Bytes> stateOf(ObjectId object) {
    return new TreeMap<>(states.getOrDefault(object.toString(), new TreeMap<>()));
  }

  /** Creates the invocation and runs it. */
  ListLife create(NewInvocation wanted) {
    Creation creation =
        new Creation(++incarnations, 1, 1, now(), "", Retention.NONE, wanted.randomSeed());
    JournalEntry input = new JournalEntry(MessageType.INPUT, wanted.input());
    Invocation fresh =
        new Invocation(
            wanted.id(), wanted.target(), creation, Status.INVOKED, Progress.of(now()), List.of());
    ListLife life = new ListLife(fresh);
    lives.put(wanted.id(), life);
    life.append(input, now());
    if (wanted.waiter() != null) {
      life.waiters.add(wanted.waiter());
    }
    invoker.get().run(life.invocation, input);
    return life;
  }

  /** What an attempt said; what comes of it is told afterwards. */
  Result apply(Command.AttemptSaid said, List<Runnable> actions) {
    ListLife life = lives.get(said.id());
    if (life == null || life.isOver()) {
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
                now(),
                said.attempt(),
                said.pin()));
    for (Statement each : said.statements()) {
      apply(life, each, actions);
    }
    return Result.DONE;
  }

  private void apply(ListLife life, Statement statement, List<Runnable> actions) {
    switch (statement) {
      case Statement.Journaled journaled -> journaled(life, journaled, actions);
      case Statement.Called called -> called(life, called, actions);
      case Statement.Signaled signaled ->
          life.append(new JournalEntry(signaled.type(), signaled.payload()), now());
      case Statement.Attached attached ->
          life.append(new JournalEntry(attached.type(), attached.payload()), now());
      case Statement.RunCompleted completed -> {
        JournalEntry entry = new JournalEntry(MessageType.RUN_COMPLETION, completed.notification());
        tell(life, entry, actions);
      }
      case Statement.Suspended suspended -> {
        life.awaiting = suspended.awaiting();
        actions.add(() -> wake(life));
      }
      case Statement.Ended ended -> end(life, life.said(), actions);
      case Statement.Failed failed -> end(life, failed.failure(), actions);
      case Statement.Paused paused -> reasons.add(paused.reason());
      case Statement.PauseHeeded heeded -> reasons.add(heeded.reason());
    }
  }

  private void journaled(ListLife life, Statement.Journaled said, List<Runnable> actions) {
    life.append(new JournalEntry(said.type(), said.payload()), now());
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
                invoker.get().flush();
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

  private void called(ListLife life, Statement.Called called, List<Runnable> actions) {
    life.append(new JournalEntry(called.type(), called.payload()), now());
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

  /** Appends a notification and tells the attempt, or wakes the invocation. */
  void notified(InvocationId id, int type, NotificationTemplate notification) {
    ListLife life = lives.get(id);
    if (life != null && !life.isOver()) {
      List<Runnable> actions = new ArrayList<>();
      tell(life, entry(type, notification), actions);
      actions.forEach(Runnable::run);
      wake(life);
    }
  }

  private void tell(ListLife life, JournalEntry entry, List<Runnable> actions) {
    int index = life.journal.size();
    life.append(entry, now());
    Invocation of = life.invocation;
    actions.add(() -> invoker.get().notify(of.id(), of.incarnation(), index, entry));
  }

  private void wake(ListLife life) {
    if (life.wakes()) {
      invoker.get().run(life.invocation, null);
    }
  }

  private void end(ListLife life, Outcome outcome, List<Runnable> actions) {
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
}
