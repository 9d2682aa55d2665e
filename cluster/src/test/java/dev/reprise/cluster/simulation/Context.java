package dev.reprise.cluster.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.cluster.engine.Says;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A very small SDK: replays the journal's commands, answers from its notifications, and gathers
 * what is new. One per execution of a handler's code.
 */
final class Context {
  private final Invocation invocation;
  private final World world;
  private final List<JournalEntry> commands;
  private final Map<Integer, Bytes> completions;
  private final Set<Integer> executed;
  private final long nowMillis;
  private final List<Statement> said = new ArrayList<>();
  private int position = 1;
  private int nextCompletion = 1;

  /** What surrounds handlers. */
  interface World {
    SideEffects effects();

    /** An invocation of this handler, as a proposer would make it. */
    NewInvocation make(String handler, String key, String name, String input, @Nullable Waiter to);

    NewInvocation delayed(NewInvocation made, long startAtMillis);

    int partitionOf(NewInvocation made);
  }

  /** Nothing is left to do until one of these arrives. */
  static final class Blocked extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient List<Integer> on;

    Blocked(List<Integer> on) {
      super("blocked on " + on, null, false, false);
      this.on = on;
    }

    List<Integer> on() {
      return on;
    }
  }

  /** The handler fails for good. */
  static final class Terminal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String words;

    Terminal(String words) {
      super(words, null, false, false);
      this.words = words;
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
      Map<Integer, Bytes> completions,
      Set<Integer> executed,
      long nowMillis) {
    this.invocation = invocation;
    this.world = world;
    this.commands = commands;
    this.completions = completions;
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
    if (!completions.containsKey(completion) && executed.add(completion)) {
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
              world.partitionOf(invocationAsAsked()),
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
    int idCompletion = nextCompletion++;
    if (isNew()) {
      long at = delayMillis == 0 ? 0 : nowMillis + delayMillis;
      called(handler, key, "", input, null, at, Says::send, idCompletion);
    } else {
      position++;
    }
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
        (Statement.Called) wording.put(idCompletion, world.partitionOf(callee), callee);
    commands.add(new JournalEntry(called.type(), called.payload()));
    said.add(called);
    position++;
  }

  private NewInvocation invocationAsAsked() {
    return new NewInvocation(
        invocation.id(),
        invocation.target(),
        0,
        0,
        "",
        Bytes.EMPTY,
        0,
        invocation.creation().retention(),
        0,
        null);
  }

  /** Waits for all of them; the results stand in the order asked for. */
  <T> T all(List<Integer> ids, BiFunction<Context, List<String>, T> then) {
    List<Integer> missing = ids.stream().filter(it -> !completions.containsKey(it)).toList();
    if (!missing.isEmpty()) {
      throw new Blocked(missing);
    }
    return then.apply(this, ids.stream().map(this::await).toList());
  }

  String await(int completion) {
    Bytes notification = completions.get(completion);
    if (notification == null) {
      throw new Blocked(List.of(completion));
    }
    NotificationTemplate frame = parse(notification);
    if (frame.hasFailure()) {
      throw new Terminal(frame.getFailure().getMessage());
    }
    return frame.hasValue() ? frame.getValue().getContent().toStringUtf8() : "";
  }

  private boolean isNew() {
    return position == commands.size();
  }

  private void command(Statement statement) {
    Statement.Journaled journaled = (Statement.Journaled) statement;
    if (isNew()) {
      commands.add(new JournalEntry(journaled.type(), journaled.payload()));
      said.add(journaled);
    } else if (commands.get(position).type() != journaled.type()) {
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
