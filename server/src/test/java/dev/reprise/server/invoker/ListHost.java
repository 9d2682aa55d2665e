package dev.reprise.server.invoker;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.InputCommandMessage;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.Value;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.partition.Invoker;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Replay;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
  private final ListRules rules;
  private final List<Command.AttemptSaid> proposals =
      Collections.synchronizedList(new ArrayList<>());
  private final List<Throwable> mishaps = new CopyOnWriteArrayList<>();
  private @Nullable Invoker invoker;
  private boolean answering = true;
  private boolean outboxRoom = true;
  private int roomAgain;
  private final List<Runnable> unanswered = new ArrayList<>();

  ListHost(Loop loop) {
    this.loop = loop;
    this.rules = new ListRules(loop, this::invoker);
  }

  void invoker(Invoker of) {
    invoker = of;
  }

  // ---- what tests ask; any thread ----

  /** Creates the invocation and runs it. */
  CompletableFuture<Outcome> invoke(NewInvocation wanted) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    loop.execute(
        () -> {
          ListLife life = rules.create(wanted);
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
    return rules.reasons();
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
    rules.state(object, key, value);
  }

  /** Tells the invoker that the invocation is to pause. */
  void pause(InvocationId id) {
    loop.execute(
        () -> {
          invoker().pause(id, rules.life(id).invocation.incarnation());
          invoker().flush();
        });
  }

  /** Tells the invoker that the invocation is to go on at once. */
  void hurry(InvocationId id) {
    loop.execute(
        () -> {
          invoker().hurry(id, rules.life(id).invocation.incarnation());
          invoker().flush();
        });
  }

  /** Tells the invoker that this life of the invocation is over. */
  void abort(InvocationId id, long incarnationsAgo) {
    loop.execute(
        () -> {
          invoker().abort(id, rules.life(id).invocation.incarnation() - incarnationsAgo);
          invoker().flush();
        });
  }

  /** Ends the invocation at once, without asking its handler. */
  void kill(InvocationId id) {
    loop.execute(() -> rules.life(id).outcome.complete(new Outcome.Failure(409, "killed")));
  }

  /** Appends a notification and tells the attempt or wakes the invocation. */
  void notification(InvocationId id, int type, NotificationTemplate notification) {
    loop.execute(
        () -> {
          rules.notified(id, type, notification);
          invoker().flush();
        });
  }

  List<String> journalTypes(InvocationId id) {
    CompletableFuture<List<String>> types = new CompletableFuture<>();
    loop.execute(
        () ->
            types.complete(
                rules.life(id).journal.stream()
                    .map(each -> MessageType.nameOf(each.type()))
                    .toList()));
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
    return ListRules.now();
  }

  @Override
  public void propose(Command.AttemptSaid said, Consumer<Result> answer) {
    proposals.add(said);
    Runnable apply =
        () -> {
          try {
            List<Runnable> actions = new ArrayList<>();
            answer.accept(rules.apply(said, actions));
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
    ListLife life = rules.find(id);
    if (life == null || life.isOver() || life.invocation.incarnation() != incarnation) {
      return null;
    }
    List<JournalEntry> journal = List.copyOf(life.journal);
    return new ListReplay(
        life.invocation, journal, rules.stateOf(life.invocation.target().object()));
  }

  @Override
  public Replay.State state(ObjectId object, long limitBytes) {
    return ListReplay.limited(rules.stateOf(object), limitBytes);
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
