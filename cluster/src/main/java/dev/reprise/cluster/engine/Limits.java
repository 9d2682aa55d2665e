package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.LimitTables;
import dev.reprise.storage.table.LimitUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many of a scope run at once. A scoped invocation takes a place at each of its levels while it
 * is to run, and gives them back when it ends, suspends or pauses: what sleeps must not keep others
 * from running, and a call must not wait for a place that its caller holds for ever.
 *
 * <p>Where a level is full, it waits in that level's queue, in the order in which it came there or
 * to the level it waited at before. At a level with a queue nobody overtakes. All of a scope is in
 * one partition, so nothing but these tables has a say.
 *
 * <p>A place that falls free is given away by who frees it. What is more than one command should do
 * is left to the leader, who asks again with {@link Command.FillLimits}.
 */
final class Limits {
  /** Invocations that are moved or started for one level by one command. */
  private static final int AT_ONCE = 64;

  private Limits() {}

  /** It is to run: at once, or as soon as each of its levels has a place for it. */
  static void run(OpenInvocation invocation, @Nullable JournalEntry input, ApplyContext ctx) {
    Invocation current = invocation.current();
    if (!current.target().scoped() || current.status() instanceof Status.Invoked) {
      go(invocation, input);
    } else {
      runScoped(invocation, input, true, ctx);
    }
  }

  /** The same, for the first time. */
  static void begin(OpenInvocation invocation, @Nullable JournalEntry input, ApplyContext ctx) {
    if (invocation.current().target().scoped()) {
      runScoped(invocation, input, false, ctx);
    } else {
      go(invocation, input);
    }
  }

  private static void go(OpenInvocation invocation, @Nullable JournalEntry input) {
    invocation.become(Status.INVOKED);
    invocation.start(input);
  }

  private static void runScoped(
      OpenInvocation invocation, @Nullable JournalEntry input, boolean begun, ApplyContext ctx) {
    LimitTables tables = ctx.tables().limits();
    List<LimitLevel> levels = levels(invocation.current());
    for (int depth = levels.size() - 1; depth >= 0; depth--) {
      LimitLevel level = levels.get(depth);
      if (tables.usage(level).waiting() > 0 || isFull(level, tables)) {
        long place = ctx.nextPosition();
        tables.enqueue(level, place, invocation.id());
        invocation.become(new Status.Limited(place, depth, begun));
        return;
      }
    }
    levels.forEach(level -> tables.addRunning(level, 1));
    go(invocation, input);
  }

  /**
   * It does not run any more, and is out of its table or in another status already: who waited for
   * its places has them.
   */
  static void release(Invocation last, ApplyContext ctx) {
    if (!last.target().scoped()) {
      return;
    }
    LimitTables tables = ctx.tables().limits();
    List<LimitLevel> levels = levels(last);
    levels.forEach(level -> tables.addRunning(level, -1));
    // The narrowest first: what waits there can be helped by nobody else.
    levels.reversed().forEach(level -> fill(level, ctx));
  }

  /** It waits no more, whatever becomes of it. */
  static void leave(Invocation last, Status.Limited limited, ApplyContext ctx) {
    LimitLevel level = levels(last).get(limited.depth());
    ctx.tables().limits().leave(level, limited.place());
  }

  /** New rules, unless they are older than those that are known. */
  static Result set(Command.SetLimitRules command, ApplyContext ctx) {
    if (command.rules().version() > ctx.tables().limits().rules().version()) {
      ctx.tables().limits().setRules(command.rules());
      ctx.emit(new Action.FillLimits(null));
    }
    return Result.DONE;
  }

  static Result fill(Command.FillLimits command, ApplyContext ctx) {
    command.levels().forEach(level -> fill(level, ctx));
    return Result.DONE;
  }

  /**
   * Gives the level's free places to those that wait for them. Who turns out to wait for another
   * level as well goes on waiting there.
   */
  private static void fill(LimitLevel level, ApplyContext ctx) {
    LimitTables tables = ctx.tables().limits();
    for (int i = 0; i < AT_ONCE && hasWork(level, tables); i++) {
      InvocationId id = tables.poll(level);
      OpenInvocation next = ctx.find(id);
      if (next == null || !(next.status() instanceof Status.Limited limited)) {
        throw new Invariant.Broken("Expected " + id + " to wait at " + level + ", but it does not");
      }
      place(next, limited, tables);
    }
    if (hasWork(level, tables)) {
      ctx.emit(new Action.FillLimits(level));
    }
  }

  private static void place(OpenInvocation next, Status.Limited limited, LimitTables tables) {
    List<LimitLevel> levels = levels(next.current());
    for (int depth = levels.size() - 1; depth >= 0; depth--) {
      if (isFull(levels.get(depth), tables)) {
        tables.rejoin(levels.get(depth), limited.place(), next.id());
        next.become(new Status.Limited(limited.place(), depth, limited.begun()));
        return;
      }
    }
    levels.forEach(level -> tables.addRunning(level, 1));
    go(next, null);
  }

  private static boolean hasWork(LimitLevel level, LimitTables tables) {
    return tables.usage(level).waiting() > 0 && !isFull(level, tables);
  }

  private static boolean isFull(LimitLevel level, LimitTables tables) {
    return isFull(tables.usage(level), tables.rules().limitAt(level));
  }

  private static boolean isFull(LimitUsage usage, long limit) {
    return usage.running() >= limit;
  }

  private static List<LimitLevel> levels(Invocation invocation) {
    return LimitLevel.of(invocation.target().scope(), invocation.creation().limitKey());
  }
}
