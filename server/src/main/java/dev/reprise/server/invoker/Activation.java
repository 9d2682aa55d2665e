package dev.reprise.server.invoker;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.cluster.partition.Invoker.Activity;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One invocation being run: its attempts one after the other, until it ends, suspends or pauses
 * through the log. Confined to the partition's loop.
 *
 * <p>A little longer than a file should be: what may follow an attempt is decided here, all of it.
 */
final class Activation {
  private static final int UNTOUCHED_IN_A_ROW = 3;

  /** Longer than it takes to learn that nobody can tell. */
  private static final long CATCHING_UP_MILLIS = 5_000;

  private final EndpointInvoker invoker;
  private Invocation invocation;
  private @Nullable JournalEntry input;
  private @Nullable Attempt current;
  private @Nullable Pin pin;
  private @Nullable String unpinnedOn;
  private @Nullable Route route;
  private @Nullable AttemptFailure lastFailure;
  private final BackOff backOff;
  private int attempts;
  private int retries;
  private int untouched;
  private int commands;
  private long wantedBytes;
  private boolean ready;
  private boolean hasCaughtUp;
  private boolean pausing;
  private boolean concluding;
  private boolean over;

  Activation(EndpointInvoker invoker, Invocation invocation, @Nullable JournalEntry input) {
    this.invoker = invoker;
    this.backOff = new BackOff(invoker, this::due);
    this.invocation = invocation;
    this.input = input;
    this.pausing = Status.PAUSING.equals(invocation.status());
    this.pin = invocation.progress().pin();
    this.commands = invocation.progress().commands();
  }

  // ---- its attempts ----

  /** There is a place, and its initial memory was taken: begins the next attempt. */
  void begin() {
    ready = false;
    attempts++;
    InvokerOptions.Memory bounds = invoker.node().options().memory();
    MemoryShare memory =
        new MemoryShare(invoker.node().memory(), initialBytes(), bounds.invocationBytes());
    try {
      Route found = findRoute();
      route = found;
      Attempt attempt = new Attempt(invoker, this, invoker.nextAttemptId(), found, memory);
      current = attempt;
      invoker.attempts().add(attempt);
      invoker.lookAgainAt(attempt.silentUntil());
      attempt.begin();
    } catch (Routes.NoRoute e) {
      memory.close();
      failed(e.failure());
    }
  }

  /**
   * Where the next attempt goes. Whoever counts the unpinned after the registry has changed counts
   * this one, or it goes where the changed one says.
   */
  private Route findRoute() throws Routes.NoRoute {
    while (true) {
      Route found = invoker.routes().find(invocation.target(), pin);
      if (pin != null) {
        return found;
      }
      unpinnedOn = found.pin().deployment();
      invoker.unpinned().begun(unpinnedOn);
      if (invoker.routes().current()) {
        return found;
      }
      pinnedOrNot();
    }
  }

  /** The tables show what the attempt was pinned to, or it says nothing more. */
  private void pinnedOrNot() {
    if (unpinnedOn != null) {
      invoker.unpinned().over(unpinnedOn);
      unpinnedOn = null;
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
    pinnedOrNot();
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
    pinnedOrNot();
    input = null;
    lastFailure = failure;
    if (failure.wish() == AttemptFailure.Wish.YIELD) {
      attempts--;
      invoker.node().counters().yielded();
      invoker.placeIsFree();
      invoker.place(this);
      return;
    }
    invoker.node().counters().failed(failure.docCode());
    retries += failure.fromHandler() ? 1 : 0;
    RetryPolicy policy =
        route != null ? route.retries() : invoker.routes().retriesWithoutRoute(invocation.target());
    if (failure.untouched() && untouched < UNTOUCHED_IN_A_ROW) {
      untouched++;
      attempts--;
      tryAgain(0);
    } else if (failure.unknownName() && mayHaveMissedIt()) {
      attempts--;
      tryAgainCaughtUp();
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
      tryAgain(delay >= 0 ? delay : policy.delayMillis(attempts, invoker.node().random()));
    }
    invoker.placeIsFree();
  }

  /** The next attempt, unless there is to be none. */
  private void tryAgain(long delayMillis) {
    if (pausing) {
      concludePause();
      return;
    }
    backOff.begin(delayMillis);
  }

  /** What is not registered here may be registered elsewhere; that is asked once. */
  private boolean mayHaveMissedIt() {
    return !hasCaughtUp && invoker.node().catchingUp().canHaveMissed();
  }

  private void tryAgainCaughtUp() {
    hasCaughtUp = true;
    if (pausing) {
      concludePause();
      return;
    }
    backOff.begin(invoker.node().catchingUp().toNow(), CATCHING_UP_MILLIS);
  }

  private void due() {
    invoker.place(this);
    invoker.endpoints().flush();
  }

  // ---- its pause ----

  /** There is to be no attempt after the present one. */
  void pause() {
    pausing = true;
    Attempt attempt = current;
    if (attempt != null) {
      attempt.leave();
    } else if (!concluding) {
      stopWaiting();
      concludePause();
    }
  }

  /** There is to be one, and at once. */
  void hurry() {
    pausing = false;
    backOff.hurry();
  }

  private void concludePause() {
    AttemptFailure why = lastFailure;
    conclude(
        new Statement.PauseHeeded(
            why == null ? "paused by request" : "paused by request; before: " + why.reason()));
  }

  private void stopWaiting() {
    ready = false;
    backOff.cancel();
  }

  /** Nothing is left to try: says so to the log. */
  private void conclude(Statement statement) {
    concluding = true;
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
    concluding = false;
    if (result instanceof Result.Gap gap) {
      // The journal has grown shorter or longer than we knew: the next attempt reads it.
      commands = gap.commands();
      tryAgain(1_000);
    } else {
      end();
    }
  }

  /** An attempt could not go on without so much memory: the next does not begin without it. */
  void wants(long bytes) {
    InvokerOptions.Memory bounds = invoker.node().options().memory();
    wantedBytes = Math.min(bytes + bounds.initialBytes(), bounds.invocationBytes());
  }

  /** What an attempt takes from the node's memory at its start. */
  long initialBytes() {
    return Math.max(wantedBytes, invoker.node().options().memory().initialBytes());
  }

  // ---- its end ----

  private void end() {
    current = null;
    pinnedOrNot();
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
    pinnedOrNot();
    stopWaiting();
  }

  // ---- facts ----

  void waits() {
    ready = true;
  }

  /** Whether it is in the queue for a place, and still wants one. */
  boolean waitsForPlace() {
    return ready && !over;
  }

  boolean pauses() {
    return pausing;
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

  String service() {
    return invocation.target().service();
  }

  long incarnation() {
    return invocation.incarnation();
  }

  Activity activity() {
    String reason = lastFailure == null ? "" : lastFailure.reason();
    if (ready) {
      return new Activity("ready", "waits for a place among the running attempts. " + reason);
    }
    return backOff.waits()
        ? new Activity(
            "backing-off", "attempt " + (attempts + 1) + " at " + backOff.until() + ": " + reason)
        : new Activity("running", "attempt " + attempts + ". " + waiting() + reason);
  }

  private String waiting() {
    Awaiting awaiting = current == null ? null : current.awaiting();
    if (awaiting == null) {
      return pausing ? "is to pause. " : "";
    }
    return "waits for "
        + awaiting.combinator()
        + " of completions "
        + awaiting.completions()
        + ", signals "
        + awaiting.signals()
        + awaiting.names()
        + (awaiting.nested().isEmpty() ? ". " : " and " + awaiting.nested().size() + " more. ");
  }
}
