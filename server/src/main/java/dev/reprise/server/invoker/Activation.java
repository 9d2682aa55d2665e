package dev.reprise.server.invoker;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.cluster.partition.Invoker.Activity;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Status;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One invocation being run: its attempts one after the other, until it ends, suspends or pauses
 * through the log. Confined to the partition's loop.
 */
final class Activation {
  private static final String PAUSED = "paused by request";
  private static final int UNTOUCHED_IN_A_ROW = 3;
  private static final long LONGEST_DELAY_MILLIS = Duration.ofDays(7).toMillis();

  private final EndpointInvoker invoker;
  private Invocation invocation;
  private @Nullable JournalEntry input;
  private @Nullable Attempt current;
  private @Nullable Pin pin;
  private @Nullable Route route;
  private @Nullable AttemptFailure lastFailure;
  private Loop.@Nullable Cancellable timer;
  private long dueMillis;
  private int attempts;
  private int retries;
  private int untouched;
  private int commands;
  private boolean pausing;
  private boolean ready;
  private boolean over;

  Activation(EndpointInvoker invoker, Invocation invocation, @Nullable JournalEntry input) {
    this.invoker = invoker;
    this.invocation = invocation;
    this.input = input;
    this.pin = invocation.progress().pin();
    this.pausing = Status.PAUSING.equals(invocation.status());
    this.commands = invocation.progress().commands();
  }

  // ---- its attempts ----

  /** There is a place: begins the next attempt. */
  void begin() {
    ready = false;
    if (pausing) {
      conclude(new Statement.Paused(PAUSED));
      invoker.placeIsFree();
      return;
    }
    attempts++;
    try {
      Route found = invoker.routes().find(invocation.target(), pin);
      route = found;
      Attempt attempt = new Attempt(invoker, this, invoker.nextAttemptId(), found);
      current = attempt;
      invoker.attempts().add(attempt);
      invoker.lookAgainAt(attempt.silentUntil());
      attempt.begin();
    } catch (Routes.NoRoute e) {
      failed(e.failure());
    }
  }

  /** The journal, where it is known to be no more than its input; only the first to ask gets it. */
  @Nullable JournalEntry takeInput() {
    JournalEntry taken = input;
    input = null;
    return taken;
  }

  /** What the tables say is in force. */
  void refreshed(Invocation read) {
    invocation = read;
    commands = read.progress().commands();
  }

  /** Something that was said is in the journal. */
  void durable(int newCommands, Pin on) {
    commands += newCommands;
    pin = on;
    if (newCommands > 0) {
      retries = 0;
    }
  }

  void notification(int index, JournalEntry entry) {
    // The input is not the whole journal any more.
    input = null;
    if (current != null) {
      current.notification(index, entry);
    }
  }

  boolean isCurrent(Attempt attempt) {
    return current == attempt;
  }

  /** The attempt has said the last word, or there is nothing to run any more. */
  void over(Attempt attempt) {
    if (isCurrent(attempt)) {
      end();
      invoker.placeIsFree();
    }
  }

  void failed(Attempt attempt, AttemptFailure failure) {
    if (isCurrent(attempt)) {
      failed(failure);
    }
  }

  private void failed(AttemptFailure failure) {
    current = null;
    input = null;
    lastFailure = failure;
    invoker.node().counters().failed(failure.docCode());
    retries += failure.fromHandler() ? 1 : 0;
    RetryPolicy policy =
        route != null ? route.retries() : invoker.routes().retriesWithoutRoute(invocation.target());
    if (pausing) {
      conclude(new Statement.Paused(PAUSED));
    } else if (failure.untouched() && untouched < UNTOUCHED_IN_A_ROW) {
      untouched++;
      attempts--;
      backOff(0);
    } else if (failure.wish() == AttemptFailure.Wish.PAUSE) {
      conclude(new Statement.Paused(failure.reason()));
    } else if (failure.wish() == AttemptFailure.Wish.FAIL) {
      conclude(new Statement.Failed(failure.outcome()));
    } else if (policy.exhaustedBy(attempts)) {
      conclude(
          policy.onMax() == OnMaxAttempts.KILL
              ? new Statement.Failed(failure.outcome())
              : new Statement.Paused(failure.reason()));
    } else {
      untouched = 0;
      long delay = failure.retryAfterMillis();
      backOff(delay >= 0 ? delay : policy.delayMillis(attempts, invoker.node().random()));
    }
    invoker.placeIsFree();
  }

  private void backOff(long delayMillis) {
    long delay = Math.min(delayMillis, LONGEST_DELAY_MILLIS);
    dueMillis = invoker.nowMillis() + delay;
    invoker.node().counters().backingOffChanged(1);
    timer = invoker.host().loop().schedule(Duration.ofMillis(delay), this::due);
  }

  private void due() {
    if (timer != null) {
      timer = null;
      invoker.node().counters().backingOffChanged(-1);
      invoker.place(this);
      invoker.endpoints().flush();
    }
  }

  // ---- pauses ----

  /** It is to pause: the attempt is asked to leave, and there is to be no other. */
  void pause() {
    pausing = true;
    if (current != null) {
      current.askToSuspend();
    } else if (timer != null) {
      timer.cancel();
      timer = null;
      invoker.node().counters().backingOffChanged(-1);
      conclude(new Statement.Paused(PAUSED));
    }
  }

  /** No pause after all, and no more waiting for the next attempt. */
  void hurry() {
    pausing = false;
    Loop.Cancellable waiting = timer;
    if (waiting != null) {
      waiting.cancel();
      due();
    }
  }

  /** Nothing is left to try: says so to the log. */
  private void conclude(Statement statement) {
    Command.AttemptSaid said =
        new Command.AttemptSaid(
            id(), incarnation(), invoker.nextAttemptId(), commands, pin, List.of(statement));
    invoker.node().counters().proposed(1);
    invoker.host().propose(said, this::concluded);
  }

  private void concluded(Result result) {
    if (over) {
      return;
    }
    if (result instanceof Result.Gap gap) {
      // The journal has grown shorter or longer than we knew: the next attempt reads it.
      commands = gap.commands();
      backOff(1_000);
    } else {
      end();
    }
  }

  // ---- its end ----

  private void end() {
    current = null;
    over = true;
    invoker.remove(this);
  }

  /** The epoch is over, or this life of the id is. */
  void abandon() {
    over = true;
    Attempt attempt = current;
    current = null;
    if (attempt != null) {
      attempt.abandon();
    }
    if (timer != null) {
      timer.cancel();
      timer = null;
      invoker.node().counters().backingOffChanged(-1);
    }
  }

  // ---- facts ----

  void waits() {
    ready = true;
  }

  boolean isOver() {
    return over;
  }

  boolean isRunning() {
    return current != null;
  }

  int inputBytes() {
    return input == null ? 0 : input.payload().length();
  }

  int retries() {
    return retries;
  }

  Invocation invocation() {
    return invocation;
  }

  InvocationId id() {
    return invocation.id();
  }

  long incarnation() {
    return invocation.incarnation();
  }

  Activity activity() {
    String reason = lastFailure == null ? "" : lastFailure.reason();
    if (ready) {
      return new Activity("ready", "waits for a place among the running attempts. " + reason);
    }
    return timer != null
        ? new Activity(
            "backing-off",
            "attempt "
                + (attempts + 1)
                + " at "
                + java.time.Instant.ofEpochMilli(dueMillis)
                + ": "
                + reason)
        : new Activity("running", "attempt " + attempts + ". " + reason);
  }
}
