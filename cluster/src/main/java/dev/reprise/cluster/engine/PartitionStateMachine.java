package dev.reprise.cluster.engine;

import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.table.Applied;
import dev.reprise.storage.table.RuleVersion;
import dev.reprise.storage.table.Tables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The rules of one partition: a log entry and the tables go in, changed tables, a result for each
 * command, and actions come out.
 *
 * <p>Every replica runs this on every entry and must reach the same bytes. So nothing in this
 * package reads a clock, draws a random number, starts a thread, or does I/O except through the
 * tables it is given. Time is the entry's, and never runs backwards.
 */
public final class PartitionStateMachine {
  private final int newestRules;
  private final Arrivals arrivals;
  private final Timers timers;
  private final Lifecycle lifecycle;
  private final Outbox outbox;
  private final AttemptRules attempts;
  private final SignalRules signals;
  private final PromiseRules promises;
  private final PatchRules patches;
  private final OperationRules operations;
  private final Retentions retentions;

  /**
   * @param self the number of this partition, by which others address it
   */
  public PartitionStateMachine(int self) {
    this(self, RuleVersion.newest());
  }

  /**
   * The rules of another build, for a test.
   *
   * @param newestRules the newest version that it knows
   */
  PartitionStateMachine(int self, int newestRules) {
    this.newestRules = newestRules;
    // Messages for this partition go round in a circle: from the rules through the outbox to them.
    this.outbox = new Outbox(self, this::take);
    Notifications notifications = new Notifications();
    this.lifecycle = new Lifecycle(outbox);
    this.timers = new Timers(lifecycle, notifications);
    this.promises = new PromiseRules(self, notifications);
    this.attempts = new AttemptRules(lifecycle, notifications, outbox, promises);
    this.signals = new SignalRules(lifecycle, notifications);
    this.patches = new PatchRules();
    Kills kills = new Kills(self, outbox, lifecycle);
    this.operations = new OperationRules(signals, kills, new Restarts(lifecycle));
    this.retentions = new Retentions();
    Attachments attachments = new Attachments(outbox);
    this.arrivals = new Arrivals(lifecycle, notifications, signals, attachments, kills);
  }

  private void take(OutboxMessage message, ApplyContext ctx) {
    arrivals.take(message, ctx);
  }

  /** What an entry led to: results in the order of its commands, and all actions in order. */
  public record Effects(List<Result> results, List<Action> actions) {
    public Effects {
      results = List.copyOf(results);
      actions = List.copyOf(actions);
    }
  }

  /** Applies the entry to the tables; they are committed by the caller. */
  public Effects apply(LogEntry entry, long index, Tables tables) {
    ApplyContext ctx = new ApplyContext(tables, index);
    List<Result> results = new ArrayList<>(entry.commands().size());
    if (announces(entry)) {
      tables.advanceClock(entry.clockMillis());
      tables.beginEpoch(index);
      results.add(Result.DONE);
    } else if (isNext(entry, tables.applied())) {
      tables.advanceClock(entry.clockMillis());
      tables.advanceSequence(entry.sequence());
      for (Command command : entry.commands()) {
        results.add(guarded(command, index, ctx));
      }
    } else {
      results.addAll(Collections.nCopies(entry.commands().size(), Result.STALE));
    }
    return new Effects(results, ctx.actions());
  }

  /** An announcement stands alone in its entry. */
  private static boolean announces(LogEntry entry) {
    return entry.commands().size() == 1
        && entry.commands().getFirst() instanceof Command.AnnounceLeader;
  }

  /**
   * Old epochs are over. And where one of the epoch's own entries never came, nothing that was
   * proposed behind it counts: a step's result may have been lost, on which all later words of that
   * attempt rest.
   */
  private static boolean isNext(LogEntry entry, Applied applied) {
    return entry.epoch() == applied.epoch() && entry.sequence() == applied.sequence() + 1;
  }

  /**
   * A command that breaks an invariant, or trips over a mistake of ours, must not stop the
   * partition on every replica for ever: it is taken back, and what it was about is parked. What
   * fails in storage is of this replica alone, and goes up.
   */
  private Result guarded(Command command, long index, ApplyContext ctx) {
    Faults faults = new Faults(index, ctx);
    return switch (command) {
      case Command.FireTimers fire -> timers.fire(fire, faults, ctx);
      case Command.Deliver deliver -> outbox.deliver(deliver, faults, ctx);
      case Command.AttemptSaid said ->
          faults.guard(said.id(), () -> attempts.said(said, ctx), Result.Faulted::new);
      case Command.Invoke invoke ->
          faults.guard(null, () -> lifecycle.create(invoke.invocation(), ctx), Result.Faulted::new);
      case Command.TruncateOutbox truncate ->
          faults.guard(null, () -> outbox.truncate(truncate, ctx), Result.Faulted::new);
      case Command.PurgeExpired purge ->
          faults.guard(null, () -> retentions.purge(purge, ctx), Result.Faulted::new);
      case Command.Operation operation ->
          faults.guard(operation.id(), () -> operations.apply(operation, ctx), Result.Faulted::new);
      case Command.SendSignal send ->
          faults.guard(
              send.id(),
              () -> signals.receive(send.id(), send.signal(), send.request(), ctx),
              Result.Faulted::new);
      case Command.CompletePromise complete ->
          faults.guard(null, () -> promises.complete(complete, ctx), Result.Faulted::new);
      case Command.PatchState patch ->
          faults.guard(null, () -> patches.patch(patch, ctx), Result.Faulted::new);
      case Command.SetLimitRules set ->
          faults.guard(null, () -> Limits.set(set, ctx), Result.Faulted::new);
      case Command.FillLimits fill ->
          faults.guard(null, () -> Limits.fill(fill, ctx), Result.Faulted::new);
      case Command.RaiseRules raise -> raise(raise, ctx.tables());
      case Command.Mark mark -> Result.DONE;
      case Command.CheckState check -> Result.DONE;
      case Command.AnnounceLeader announce -> Result.STALE;
    };
  }

  /** What this build does not know it must not guess: this replica stops, the others go on. */
  private Result raise(Command.RaiseRules raise, Tables tables) {
    if (raise.version() > newestRules) {
      throw new StorageException(
          "Expected rules of version "
              + newestRules
              + " at most, but the cluster follows version "
              + raise.version()
              + " from here on; start a newer build on this node");
    }
    if (raise.version() > tables.applied().ruleVersion()) {
      tables.raiseRules(raise.version());
    }
    return Result.DONE;
  }
}
