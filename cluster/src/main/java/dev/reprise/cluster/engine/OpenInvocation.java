package dev.reprise.cluster.engine;

import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Progress;
import dev.reprise.storage.model.Status;
import org.jspecify.annotations.Nullable;

/**
 * An invocation in the hands of one command: everything that happens to it is gathered here and
 * written once. Confined to the apply thread.
 */
final class OpenInvocation {
  private final Invocation before;
  private Invocation invocation;
  private int entries;
  private int commands;
  private int output;
  private int pending;
  private int signals;
  private int woken;
  private AttemptId attempt;
  private @Nullable Pin pin;
  private boolean gone;
  private boolean starts;
  private @Nullable JournalEntry input;
  private long changedAtMillis;

  OpenInvocation(Invocation invocation) {
    this.before = invocation;
    this.invocation = invocation;
    Progress progress = invocation.progress();
    this.entries = progress.entries();
    this.commands = progress.commands();
    this.output = progress.output();
    this.pending = progress.pending();
    this.signals = progress.signals();
    this.woken = progress.woken();
    this.attempt = progress.attempt();
    this.pin = progress.pin();
    this.changedAtMillis = progress.changedAtMillis();
  }

  /** As it stands now, with everything that has happened to it. */
  Invocation current() {
    return invocation.with(
        new Progress(
            entries, commands, output, pending, signals, woken, changedAtMillis, attempt, pin));
  }

  /** Whether anything happened to it. */
  boolean changed() {
    return !current().equals(before);
  }

  InvocationId id() {
    return invocation.id();
  }

  long incarnation() {
    return invocation.incarnation();
  }

  Status status() {
    return invocation.status();
  }

  void become(Status status) {
    invocation = invocation.with(status);
  }

  void addWaiter(dev.reprise.storage.model.Waiter waiter) {
    invocation = invocation.with(waiter);
  }

  /** The place of the next journal entry, which is taken. */
  int takeIndex(boolean command, long nowMillis) {
    if (command) {
      commands++;
    }
    changedAtMillis = nowMillis;
    return entries++;
  }

  int commands() {
    return commands;
  }

  int entries() {
    return entries;
  }

  int output() {
    return output;
  }

  void outputAt(int index) {
    output = index;
  }

  int pending() {
    return pending;
  }

  void addPending(int difference) {
    pending += difference;
  }

  int signals() {
    return signals;
  }

  void addSignal() {
    signals++;
  }

  /** Journal entries there were when it was last to be run. */
  int woken() {
    return woken;
  }

  AttemptId attempt() {
    return attempt;
  }

  /** This attempt has spoken; the first to speak decides what the invocation runs on. */
  void heard(AttemptId speaker, @Nullable Pin on) {
    attempt = speaker;
    if (pin == null) {
      pin = on;
    }
  }

  /**
   * The attempt has left: if it repeats itself, it is not to send the invocation to sleep again.
   * The next one has a higher ordinal.
   */
  void attemptIsOver() {
    attempt = new AttemptId(attempt.epoch(), attempt.ordinal() + 1);
  }

  /** From now on it runs on this. */
  void moveTo(Pin other) {
    pin = other;
  }

  @Nullable Pin pin() {
    return pin;
  }

  /** It is to be run. With its input at hand when this command made it. */
  void start(@Nullable JournalEntry withInput) {
    starts = true;
    woken = entries;
    input = withInput;
  }

  boolean starts() {
    return starts;
  }

  /** The whole journal, if it is one entry long and this command wrote it. */
  @Nullable JournalEntry input() {
    return entries == 1 ? input : null;
  }

  void leave() {
    gone = true;
    starts = false;
  }

  boolean gone() {
    return gone;
  }
}
