package dev.reprise.cluster.engine;

import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.Tables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one partition: a log entry and the tables go in, changed tables, a result for each
 * command, and actions come out.
 *
 * <p>Every replica runs this on every entry and must reach the same bytes. So nothing in this
 * package reads a clock, draws a random number, starts a thread, or does I/O except through the
 * tables it is given. Time is the entry's, and never runs backwards.
 */
public final class PartitionStateMachine {
  private final Lifecycle lifecycle;
  private final Timers timers;
  private final Outbox outbox;
  private final AttemptRules attempts;
  private final Retentions retentions;

  /**
   * @param self the number of this partition, by which others address it
   */
  public PartitionStateMachine(int self) {
    this.outbox = new Outbox(self);
    this.lifecycle = new Lifecycle(outbox);
    this.timers = new Timers(lifecycle);
    this.attempts = new AttemptRules(lifecycle, outbox);
    this.retentions = new Retentions();
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
    tables.advanceClock(entry.clockMillis());
    ApplyContext ctx = new ApplyContext(tables, index);
    List<Result> results = new ArrayList<>(entry.commands().size());
    for (Command command : entry.commands()) {
      results.add(guarded(command, entry.epoch(), index, ctx));
    }
    return new Effects(results, ctx.actions());
  }

  /**
   * A command that breaks an invariant, or trips over a mistake of ours, must not stop the
   * partition on every replica for ever: it is taken back, and what it was about is parked. What
   * fails in storage is of this replica alone, and goes up.
   */
  private Result guarded(Command command, long epoch, long index, ApplyContext ctx) {
    ctx.beginCommand();
    try {
      Result result = apply(command, epoch, index, ctx);
      ctx.endCommand();
      return result;
    } catch (StorageException e) {
      throw e;
    } catch (RuntimeException e) {
      ctx.discardCommand();
      String reason = "engine fault at " + index + ": " + e;
      park(command, reason, ctx);
      return new Result.Faulted(reason);
    }
  }

  private Result apply(Command command, long epoch, long index, ApplyContext ctx) {
    if (command instanceof Command.AnnounceLeader) {
      ctx.tables().beginEpoch(index);
      return Result.DONE;
    }
    if (epoch != ctx.epoch()) {
      return Result.STALE;
    }
    return switch (command) {
      case Command.AnnounceLeader announce -> Result.DONE;
      case Command.Invoke invoke -> lifecycle.create(invoke.invocation(), ctx);
      case Command.AttemptSaid said -> attempts.said(said, ctx);
      case Command.FireTimers fire -> timers.fire(fire, ctx);
      case Command.Deliver deliver -> outbox.deliver(deliver, lifecycle, ctx);
      case Command.TruncateOutbox truncate -> outbox.truncate(truncate, ctx);
      case Command.PurgeExpired purge -> retentions.purge(purge, ctx);
      case Command.Resume resume -> lifecycle.resume(resume, ctx);
      case Command.Mark mark -> Result.DONE;
    };
  }

  private static void park(Command command, String reason, ApplyContext ctx) {
    InvocationId id = subject(command);
    if (id == null) {
      return;
    }
    ctx.beginCommand();
    OpenInvocation invocation = ctx.find(id);
    if (invocation != null && invocation.status() instanceof Status.Invoked) {
      invocation.become(new Status.Paused(reason));
    }
    ctx.endCommand();
  }

  private static @Nullable InvocationId subject(Command command) {
    return switch (command) {
      case Command.AttemptSaid said -> said.id();
      case Command.Resume resume -> resume.id();
      case Command.AnnounceLeader announce -> null;
      case Command.Invoke invoke -> null;
      case Command.FireTimers fire -> null;
      case Command.Deliver deliver -> null;
      case Command.TruncateOutbox truncate -> null;
      case Command.PurgeExpired purge -> null;
      case Command.Mark mark -> null;
    };
  }
}
