package dev.reprise.cluster.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.cluster.engine.Says;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Awaiting.Combinator;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A very small SDK: replays the journal's commands, answers from its notifications, and gathers
 * what is new. One per execution of a handler's code.
 *
 * <p>Longer than most: each thing that a handler may do is one short method here.
 */
final class Context {
  private final Invocation invocation;
  private final World world;
  private final List<JournalEntry> commands;
  private final Heard heard;
  private final Set<Integer> executed;
  private final long nowMillis;
  private final List<Statement> said = new ArrayList<>();
  private int position = 1;
  private int nextCompletion = 1;
  private boolean cancellable;

  /** What surrounds handlers. */
  interface World {
    SideEffects effects();

    /** An invocation of this handler, as a proposer would make it. */
    NewInvocation make(String handler, String key, String name, String input, @Nullable Waiter to);

    NewInvocation delayed(NewInvocation made, long startAtMillis);

    int partitionOf(InvocationId id);
  }

  /** Nothing is left to do until this has arrived. */
  static final class Blocked extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Awaiting on;

    Blocked(Awaiting on) {
      super("blocked on " + on, null, false, false);
      this.on = on;
    }

    Awaiting on() {
      return on;
    }
  }

  /** Somebody asked the invocation to cancel. */
  static final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1;

    Cancelled() {
      super("cancelled", null, false, false);
    }
  }

  /** The handler fails for good. */
  static final class Terminal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;
    private final String words;

    Terminal(int code, String words) {
      super(words, null, false, false);
      this.code = code;
      this.words = words;
    }

    int code() {
      return code;
    }

    String words() {
      return words;
    }
  }

  /** The attempt fails; another may do better. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;

    Crash() {
      super("crash", null, false, false);
    }
  }

  /**
   * @param commands what the journal holds; what is said is added
   * @param executed completions of steps that this attempt has executed; added to
   */
  Context(
      Invocation invocation,
      World world,
      List<JournalEntry> commands,
      Heard heard,
      Set<Integer> executed,
      long nowMillis) {
    this.invocation = invocation;
    this.world = world;
    this.commands = commands;
    this.heard = heard;
    this.executed = executed;
    this.nowMillis = nowMillis;
  }

  List<Statement> said() {
    return said;
  }

  /** Names this life of the invocation. */
  String self() {
    return invocation.id() + "@" + invocation.incarnation();
  }

  SideEffects effects() {
    return world.effects();
  }

  String run(String step) {
    int completion = nextCompletion++;
    command(Says.run(completion));
    if (!heard.has(completion) && executed.add(completion)) {
      said.add(Says.ran(completion, world.effects().execute(self() + "/" + step)));
    }
    return await(completion);
  }

  void sleep(long millis) {
    int completion = nextCompletion++;
    command(Says.sleep(completion, nowMillis + millis));
    await(completion);
  }

  String get(String key) {
    int completion = nextCompletion++;
    command(Says.get(completion, key));
    return await(completion);
  }

  void set(String key, String value) {
    command(Says.set(key, value));
  }

  /** Begins a call and returns the completion of its outcome. */
  int begin(String handler, String key, String name, String input) {
    int idCompletion = nextCompletion++;
    int outcome = nextCompletion++;
    if (isNew()) {
      Waiter waiter =
          new Waiter(
              world.partitionOf(invocation.id()),
              invocation.id(),
              invocation.incarnation(),
              outcome);
      called(handler, key, name, input, waiter, 0, Says::call, idCompletion);
    } else {
      position++;
    }
    return outcome;
  }

  String call(String handler, String key, String input) {
    return await(begin(handler, key, "", input));
  }

  void send(String handler, String key, String input, long delayMillis) {
    send(handler, key, "", input, delayMillis);
  }

  /** Returns the completion of the callee's id. */
  int send(String handler, String key, String name, String input, long delayMillis) {
    int idCompletion = nextCompletion++;
    if (isNew()) {
      long at = delayMillis == 0 ? 0 : nowMillis + delayMillis;
      called(handler, key, name, input, null, at, Says::send, idCompletion);
    } else {
      position++;
    }
    return idCompletion;
  }

  /** How a call is put into words. */
  private interface Wording {
    Statement put(int idCompletion, int receiver, NewInvocation callee);
  }

  private void called(
      String handler,
      String key,
      String name,
      String input,
      @Nullable Waiter waiter,
      long startAtMillis,
      Wording wording,
      int idCompletion) {
    NewInvocation made = world.make(handler, key, name, input, waiter);
    NewInvocation callee = world.delayed(made, startAtMillis);
    Statement.Called called =
        (Statement.Called) wording.put(idCompletion, world.partitionOf(callee.id()), callee);
    commands.add(new JournalEntry(called.type(), called.payload()));
    said.add(called);
    position++;
  }

  /** Waits for all of them; the results stand in the order asked for. */
  <T> T all(List<Integer> ids, BiFunction<Context, List<String>, T> then) {
    List<Integer> missing = ids.stream().filter(it -> !heard.has(it)).toList();
    if (!missing.isEmpty()) {
      throw new Blocked(
          new Awaiting(Combinator.ALL_COMPLETED, missing, List.of(), List.of(), List.of()));
    }
    return then.apply(this, ids.stream().map(this::await).toList());
  }

  /** From now on, waiting ends when somebody asks to cancel. */
  void cancellable() {
    cancellable = true;
  }

  /** Waits for the awakeable with this index, and names it by the invocation's id. */
  String awaitSignal(int index) {
    Bytes notification = heard.signal(index);
    if (notification == null) {
      throw new Blocked(Awaiting.any(List.of(), List.of(index), List.of()));
    }
    return parse(notification).getValue().getContent().toStringUtf8();
  }

  /** Sends a signal to whoever has this id. */
  void signal(InvocationId target, int index, @Nullable String value) {
    SignalId id = new SignalId.Index(index);
    command(Says.signal(world.partitionOf(target), target, id, value));
  }

  String promise(String key) {
    int completion = nextCompletion++;
    command(Says.getPromise(completion, key));
    return await(completion);
  }

  void decide(String key, String value) {
    int completion = nextCompletion++;
    command(Says.completePromise(completion, key, value));
    if (heard.completion(completion) == null) {
      await(completion);
    }
  }

  /** Waits for the outcome of somebody else's invocation. */
  String attach(InvocationId target) {
    int completion = nextCompletion++;
    Waiter waiter =
        new Waiter(
            world.partitionOf(invocation.id()),
            invocation.id(),
            invocation.incarnation(),
            completion);
    command(Says.attach(world.partitionOf(target), target, waiter));
    return await(completion);
  }

  InvocationId id() {
    return invocation.id();
  }

  String key() {
    return invocation.target().key();
  }

  /** The id that a call was told its callee has. */
  InvocationId idOf(int idCompletion) {
    return InvocationId.parse(awaitedId(idCompletion));
  }

  private String awaitedId(int idCompletion) {
    Bytes notification = heard.completion(idCompletion);
    if (notification == null) {
      throw new Blocked(Awaiting.any(List.of(idCompletion), List.of(), List.of()));
    }
    return parse(notification).getInvocationId();
  }

  String await(int completion) {
    if (cancellable && heard.cancelledBefore(completion)) {
      cancellable = false;
      throw new Cancelled();
    }
    Bytes notification = heard.completion(completion);
    if (notification == null) {
      List<Integer> signals = cancellable ? List.of(MessageType.CANCEL_SIGNAL) : List.of();
      throw new Blocked(Awaiting.any(List.of(completion), signals, List.of()));
    }
    NotificationTemplate frame = parse(notification);
    if (frame.hasFailure()) {
      throw new Terminal(frame.getFailure().getCode(), frame.getFailure().getMessage());
    }
    return frame.hasValue() ? frame.getValue().getContent().toStringUtf8() : "";
  }

  private boolean isNew() {
    return position == commands.size();
  }

  private void command(Statement statement) {
    JournalEntry entry =
        switch (statement) {
          case Statement.Journaled it -> new JournalEntry(it.type(), it.payload());
          case Statement.Signaled it -> new JournalEntry(it.type(), it.payload());
          case Statement.Attached it -> new JournalEntry(it.type(), it.payload());
          default -> throw new AssertionError("Expected a journal command, but got " + statement);
        };
    if (isNew()) {
      commands.add(entry);
      said.add(statement);
    } else if (commands.get(position).type() != entry.type()) {
      throw new AssertionError(
          "Expected the journal of " + self() + " to fit its code, but it differs at " + position);
    }
    position++;
  }

  /** The output has been said before, by an attempt that did not live to say the end. */
  boolean hasFurtherCommands() {
    return position < commands.size();
  }

  static NotificationTemplate parse(Bytes notification) {
    try {
      return NotificationTemplate.parseFrom(notification.toArray());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("Expected a notification, but it does not parse", e);
    }
  }
}
