package dev.reprise.cluster.simulation;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.Says;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.partition.Invoker;
import dev.reprise.cluster.partition.Replay;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One attempt: runs the handler's code again whenever something arrives, and says what is new. It
 * ends by leaving, by breaking off, or with its epoch; the next one begins when all that this one
 * said is settled.
 *
 * <p>A little longer than most: hearing, running and speaking share what the attempt knows.
 */
final class SimulatedAttempt {
  static final Pin PIN = new Pin("dp_sim", 6);

  private final SimulatedInvoker invoker;
  private final Invoker.Host host;
  private final Invocation invocation;
  private final AttemptId id;
  private final List<JournalEntry> commands = new ArrayList<>();
  private final Heard heard = new Heard();
  private int place;
  private final Set<Integer> executed = new HashSet<>();
  private int replayed;
  private int saidCommands;
  private int inFlight;
  private int executions;
  private boolean reading = true;
  private boolean over;
  private boolean leaving;
  private boolean stopped;
  private boolean pausing;

  SimulatedAttempt(SimulatedInvoker invoker, Invocation invocation, long ordinal) {
    this.invoker = invoker;
    this.host = invoker.host();
    this.invocation = invocation;
    this.id = new AttemptId(host.epoch(), ordinal);
    this.pausing = Status.PAUSING.equals(invocation.status());
  }

  boolean isPausing() {
    return pausing;
  }

  Invocation invocation() {
    return invocation;
  }

  long incarnation() {
    return invocation.incarnation();
  }

  private boolean chance(double probability) {
    return invoker.random().nextDouble() < probability;
  }

  private void later(int delayMaxMillis, Runnable task) {
    host.loop()
        .schedule(
            Duration.ofMillis(invoker.random().nextInt(delayMaxMillis + 1)),
            () -> {
              if (!stopped) {
                task.run();
              }
            });
  }

  // ---- hearing ----

  void begin(@Nullable JournalEntry input) {
    if (input != null) {
      commands.add(input);
      replayed = 1;
      later(5, this::advanceFirst);
      return;
    }
    Replay replay = host.replay(invocation.id(), incarnation());
    if (replay == null) {
      invoker.left(this);
      return;
    }
    replayed = replay.invocation().progress().entries();
    later(5, () -> read(replay));
  }

  private void read(Replay replay) {
    try (replay) {
      for (JournalEntry next = replay.next(); next != null; next = replay.next()) {
        hear(place++, next);
      }
    }
    advanceFirst();
  }

  private void advanceFirst() {
    reading = false;
    saidCommands = commands.size();
    advance();
  }

  private void hear(int index, JournalEntry entry) {
    if (dev.reprise.api.MessageType.isNotification(entry.type())) {
      heard.hear(index, entry);
    } else {
      commands.add(entry);
    }
  }

  void hears(int index, JournalEntry notification) {
    if (index >= replayed && !over) {
      hear(index, notification);
      if (!reading) {
        advance();
      }
    }
  }

  // ---- running ----

  private void advance() {
    if (over || leaving) {
      return;
    }
    if (pausing && executions == 0) {
      // Another attempt than the one that was to come to a rest.
      propose(List.of(Says.pauseHeeded("as asked")));
      return;
    }
    executions++;
    Context context =
        new Context(invocation, invoker.world(), commands, heard, executed, host.nowMillis());
    List<Statement> said = new ArrayList<>();
    Awaiting blockedOn = null;
    boolean crashed = false;
    try {
      String handler = invocation.target().handler();
      String output = Handlers.of(handler).handle(context, commands.getFirst().payload().toUtf8());
      said.addAll(context.said());
      if (!context.hasFurtherCommands()) {
        said.add(Says.output(output));
      }
      said.add(Says.end());
    } catch (Context.Blocked e) {
      said.addAll(context.said());
      blockedOn = e.on();
    } catch (Context.Terminal e) {
      said.addAll(context.said());
      said.add(Says.failed(e.code(), e.words()));
    } catch (Context.Crash e) {
      said.addAll(context.said());
      crashed = true;
    }
    say(said, blockedOn);
    if (crashed) {
      breakOff(List.of());
    }
  }

  private void say(List<Statement> said, @Nullable Awaiting blockedOn) {
    if (blockedOn != null) {
      boolean early = chance(invoker.unrest().suspendsEarly());
      if (early && suspendable(said, blockedOn)) {
        said.add(new Statement.Suspended(blockedOn));
      } else {
        int execution = executions;
        later(120, () -> suspend(execution, blockedOn));
      }
    }
    List<Statement> words = new ArrayList<>();
    for (Statement statement : said) {
      if (chance(invoker.unrest().attemptBreaks() / 2)) {
        breakOff(words);
        return;
      }
      words.add(statement);
      if (chance(0.3)) {
        propose(words);
        words = new ArrayList<>();
      }
    }
    if (!words.isEmpty()) {
      propose(words);
    }
    if (chance(invoker.unrest().attemptBreaks())) {
      breakOff(List.of());
    }
  }

  /** A step that this attempt executes is not waited for elsewhere, unless its result is said. */
  private boolean suspendable(List<Statement> said, Awaiting blockedOn) {
    return blockedOn.completions().stream()
        .allMatch(
            it ->
                !executed.contains(it)
                    || said.stream()
                        .anyMatch(
                            word ->
                                word instanceof Statement.RunCompleted ran
                                    && ran.completionId() == it));
  }

  private void suspend(int execution, Awaiting blockedOn) {
    if (execution == executions && !over && !leaving) {
      propose(List.of(new Statement.Suspended(blockedOn)));
    }
  }

  // ---- speaking ----

  private Command.AttemptSaid command(List<Statement> words) {
    return new Command.AttemptSaid(
        invocation.id(), incarnation(), id, saidCommands, PIN, List.copyOf(words));
  }

  private void propose(List<Statement> words) {
    if (over || words.isEmpty()) {
      return;
    }
    Command.AttemptSaid said = command(words);
    for (Statement word : words) {
      saidCommands += isCommand(word) ? 1 : 0;
      leaving |=
          word instanceof Statement.Suspended
              || word instanceof Statement.Ended
              || word instanceof Statement.Failed
              || word instanceof Statement.Paused
              || word instanceof Statement.PauseHeeded;
    }
    boolean last = leaving;
    inFlight++;
    host.propose(said, result -> answered(result, last));
    if (chance(invoker.unrest().repeatsItself())) {
      host.propose(said, result -> noFault(result));
    }
  }

  private static boolean isCommand(Statement word) {
    return word instanceof Statement.Journaled
        || word instanceof Statement.Called
        || word instanceof Statement.Signaled
        || word instanceof Statement.Attached;
  }

  private void answered(Result result, boolean last) {
    inFlight--;
    noFault(result);
    if (result instanceof Result.Done) {
      if (last) {
        over = true;
        stopped = true;
        invoker.left(this);
        return;
      }
    } else {
      over = true;
    }
    if (over && inFlight == 0) {
      again();
    }
  }

  private void noFault(Result result) {
    if (result instanceof Result.Faulted faulted) {
      throw new AssertionError("Expected no fault, but " + faulted.reason());
    }
  }

  /** The connection breaks: what was on its lips is lost, or comes late. */
  private void breakOff(List<Statement> onItsLips) {
    if (over || leaving) {
      return;
    }
    invoker.transcript().line(() -> "attempt " + id + " of " + invocation.id() + " breaks off");
    if (!onItsLips.isEmpty() && chance(invoker.unrest().speaksLate())) {
      Command.AttemptSaid late = command(onItsLips);
      later(400, () -> host.propose(late, this::noFault));
    }
    over = true;
    if (inFlight == 0) {
      again();
    }
  }

  private void again() {
    later(60, () -> invoker.again(this));
  }

  /** Somebody wants the invocation to pause, or does not want it any more. */
  void pauses(boolean wanted) {
    pausing = wanted;
  }

  /** The epoch is over, or the life of the invocation is. */
  void stop() {
    over = true;
    stopped = true;
  }
}
