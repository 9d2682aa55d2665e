package dev.reprise.cluster.engine;

import dev.reprise.api.MessageType;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Creation;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Progress;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.model.Waiter;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.Layouts;
import dev.reprise.storage.table.ObjectLock;
import dev.reprise.storage.table.TableId;
import dev.reprise.storage.table.Tables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an invocation comes to be, starts, is woken, and ends. */
final class Lifecycle {
  private final Outbox outbox;

  Lifecycle(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Creates the invocation, or joins the one that is there. */
  Result create(NewInvocation asked, ApplyContext ctx) {
    OpenInvocation open = ctx.find(asked.id());
    if (open != null) {
      return joinOpen(asked, open, ctx);
    }
    Completed ended = ctx.tables().completed().find(asked.id());
    if (ended != null) {
      return joinEnded(asked, ended, ctx);
    }
    Creation creation =
        new Creation(
            ctx.nextPosition(),
            asked.requestHigh(),
            asked.requestLow(),
            ctx.nowMillis(),
            asked.idempotencyKey(),
            asked.retention(),
            asked.randomSeed(),
            asked.limitKey());
    Waiter waiter = asked.waiter();
    OpenInvocation created =
        ctx.create(
            new Invocation(
                asked.id(),
                asked.target(),
                creation,
                Status.INVOKED,
                Progress.of(ctx.nowMillis()),
                waiter == null ? List.of() : List.of(waiter)));
    JournalEntry input = new JournalEntry(MessageType.INPUT, asked.input());
    ctx.append(created, true, input);
    if (asked.startAtMillis() > ctx.nowMillis()) {
      schedule(created, asked.startAtMillis(), ctx);
    } else {
      begin(created, input, ctx);
    }
    return new Result.Open(created.current(), true);
  }

  private Result joinOpen(NewInvocation asked, OpenInvocation open, ApplyContext ctx) {
    boolean same = sameRequest(asked, open.current().creation());
    Waiter waiter = asked.waiter();
    if (waiter != null) {
      if (asked.target().kind() == HandlerKind.WORKFLOW_RUN && !same) {
        answer(waiter, alreadyInvoked(), ctx);
      } else if (!open.addWaiter(waiter)) {
        answer(waiter, Attachments.TOO_MANY, ctx);
      }
    }
    return new Result.Open(open.current(), same);
  }

  private Result joinEnded(NewInvocation asked, Completed ended, ApplyContext ctx) {
    boolean same = sameRequest(asked, ended.creation());
    Waiter waiter = asked.waiter();
    if (waiter != null) {
      boolean again = asked.target().kind() == HandlerKind.WORKFLOW_RUN && !same;
      answer(waiter, again ? alreadyInvoked() : ended.outcome(), ctx);
    }
    return new Result.Ended(ended, same);
  }

  private static Outcome alreadyInvoked() {
    return new Outcome.Failure(409, "the workflow was already invoked");
  }

  private static boolean sameRequest(NewInvocation asked, Creation made) {
    return asked.requestHigh() == made.requestHigh() && asked.requestLow() == made.requestLow();
  }

  private static void schedule(OpenInvocation invocation, long atMillis, ApplyContext ctx) {
    invocation.become(new Status.Scheduled(atMillis));
    Invocation current = invocation.current();
    TimerKey timer = new TimerKey(atMillis, current.id(), TimerKey.START);
    ctx.tables().timers().insert(timer, current.incarnation());
    ctx.emit(new Action.ScheduleTimer(timer));
  }

  /** Its time has come: run it, or queue it where its object's key is taken. */
  void begin(OpenInvocation invocation, @Nullable JournalEntry input, ApplyContext ctx) {
    Invocation current = invocation.current();
    if (current.target().kind() == HandlerKind.EXCLUSIVE) {
      ObjectId object = current.target().object();
      ObjectLock lock = ctx.tables().inbox().lock(object);
      if (lock != null) {
        // Not by its age: one that was scheduled long ago queues behind those who wait already.
        long place = ctx.nextPosition();
        ctx.tables().inbox().enqueue(object, lock, place, current.id());
        invocation.become(new Status.Inboxed(place));
        return;
      }
      ctx.tables().inbox().acquire(object, current.id());
    }
    Limits.begin(invocation, input, ctx);
  }

  /**
   * It is over: keep what is to be kept, tell who waits, and hand its key on. It may not even have
   * begun.
   */
  void end(OpenInvocation invocation, Outcome outcome, ApplyContext ctx) {
    Invocation last = invocation.current();
    invocation.leave();
    Tables tables = ctx.tables();
    tables.invocations().delete(last.id());
    if (last.progress().pending() > 0) {
      forgetPending(last, tables);
    }
    if (last.progress().signals() > 0) {
      forgetSignals(last.id(), tables);
    }
    Completed completed = retain(last, outcome, ctx);
    for (Waiter waiter : last.waiters()) {
      answer(waiter, outcome, ctx);
    }
    leave(last, ctx);
    ctx.emit(new Action.Announce(completed));
  }

  /** Gives up its time, its place in a queue, its key, and its places under limits. */
  private static void leave(Invocation last, ApplyContext ctx) {
    Tables tables = ctx.tables();
    if (last.status() instanceof Status.Invoked) {
      Limits.release(last, ctx);
    } else if (last.status() instanceof Status.Limited limited) {
      Limits.leave(last, limited, ctx);
    }
    if (last.status() instanceof Status.Scheduled scheduled) {
      tables.timers().delete(new TimerKey(scheduled.atMillis(), last.id(), TimerKey.START));
    } else if (last.status() instanceof Status.Inboxed inboxed) {
      ObjectId object = last.target().object();
      ObjectLock lock = tables.inbox().lock(object);
      if (lock == null) {
        throw new Invariant.Broken("Expected a key that " + last.id() + " waits for, but no lock");
      }
      tables.inbox().leave(object, lock, inboxed.place());
    } else if (last.target().kind() == HandlerKind.EXCLUSIVE) {
      handKeyOn(last, ctx);
    }
  }

  private void answer(Waiter waiter, Outcome outcome, ApplyContext ctx) {
    outbox.post(waiter.partition(), new OutboxMessage.Answer(waiter, outcome), ctx);
  }

  private static void forgetSignals(InvocationId id, Tables tables) {
    List<Keys.Signal> rows = new ArrayList<>();
    tables
        .signals()
        .scan(
            Layouts.prefixOf(TableId.SIGNAL, id),
            key -> key.id().equals(id),
            (key, receipt) -> rows.add(key));
    rows.forEach(tables.signals()::delete);
  }

  private static Completed retain(Invocation last, Outcome outcome, ApplyContext ctx) {
    Tables tables = ctx.tables();
    Retention retention = last.creation().retention();
    boolean keepsJournal = retention.journalMillis() > 0;
    int entries = last.progress().entries();
    Pin pin = last.progress().pin();
    Completed completed =
        new Completed(
            last.id(),
            last.target(),
            last.creation(),
            outcome,
            keepsJournal ? entries : 0,
            ctx.nowMillis(),
            pin);
    if (!keepsJournal) {
      Retentions.deleteJournal(last.id(), entries, tables);
    }
    if (retention.completionMillis() > 0) {
      tables.completed().insert(last.id(), completed);
      Retentions.schedule(completed, tables);
    } else {
      Retentions.forgetWorkflow(last.target(), tables);
    }
    return completed;
  }

  private static void forgetPending(Invocation last, Tables tables) {
    InvocationId id = last.id();
    List<Keys.Pending> rows = new ArrayList<>();
    tables
        .pending()
        .scan(
            Layouts.prefixOf(TableId.PENDING, id),
            key -> key.id().equals(id),
            (key, pending) -> {
              rows.add(key);
              if (pending instanceof Pending.Sleep sleep) {
                tables.timers().delete(new TimerKey(sleep.atMillis(), id, key.completionId()));
              } else if (pending instanceof Pending.Promise promise) {
                PromiseRules.leave(last.target().object(), promise.key(), id, tables);
              }
            });
    rows.forEach(tables.pending()::delete);
  }

  private static void handKeyOn(Invocation last, ApplyContext ctx) {
    ObjectId object = last.target().object();
    ObjectLock lock = ctx.tables().inbox().lock(object);
    if (lock == null || !lock.holder().equals(last.id())) {
      throw new Invariant.Broken(
          "Expected " + last.id() + " to hold " + object.service() + ", but it does not");
    }
    if (lock.patches() > 0) {
      PatchRules.applyWaiting(object, ctx);
    }
    InvocationId next = ctx.tables().inbox().handOn(object, lock);
    if (next != null) {
      OpenInvocation heir = ctx.find(next);
      if (heir == null) {
        throw new Invariant.Broken("Expected " + next + " to wait for its key, but it is gone");
      }
      Limits.begin(heir, null, ctx);
    }
  }
}
