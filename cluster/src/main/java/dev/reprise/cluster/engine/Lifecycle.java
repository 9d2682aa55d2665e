package dev.reprise.cluster.engine;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.codec.JournalFrames;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Creation;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
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
            asked.randomSeed());
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
        outbox.answer(waiter, alreadyInvoked(), this, ctx);
      } else {
        open.addWaiter(waiter);
      }
    }
    return new Result.Open(open.current(), same);
  }

  private Result joinEnded(NewInvocation asked, Completed ended, ApplyContext ctx) {
    boolean same = sameRequest(asked, ended.creation());
    Waiter waiter = asked.waiter();
    if (waiter != null) {
      boolean again = asked.target().kind() == HandlerKind.WORKFLOW_RUN && !same;
      outbox.answer(waiter, again ? alreadyInvoked() : ended.outcome(), this, ctx);
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
  void begin(
      OpenInvocation invocation,
      @org.jspecify.annotations.Nullable JournalEntry input,
      ApplyContext ctx) {
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
    invocation.become(Status.INVOKED);
    invocation.start(input);
  }

  /** A user goes on with a paused invocation. */
  Result resume(Command.Resume command, ApplyContext ctx) {
    OpenInvocation invocation = ctx.find(command.id());
    if (invocation == null) {
      return new Result.Rejected(
          Result.Rejection.NOT_FOUND, "Expected an open invocation, but there is none");
    }
    if (invocation.status() instanceof Status.Paused) {
      invocation.become(Status.INVOKED);
      invocation.start(null);
    } else if (invocation.status() instanceof Status.Invoked) {
      ctx.emit(new Action.HurryAttempt(command.id(), invocation.current().incarnation()));
    }
    return Result.DONE;
  }

  /**
   * A completion has arrived. Only the first one counts: what is not pending any more has been
   * answered before, or its invocation has moved on.
   */
  void complete(
      OpenInvocation invocation, int completionId, int type, Bytes payload, ApplyContext ctx) {
    Keys.Pending waiting = new Keys.Pending(invocation.current().id(), completionId);
    if (!ctx.tables().pending().contains(waiting)) {
      return;
    }
    ctx.tables().pending().delete(waiting);
    invocation.addPending(-1);
    notify(invocation, new JournalEntry(type, payload), ctx);
    if (invocation.status() instanceof Status.Suspended suspended
        && suspended.awaiting().completions().contains(completionId)) {
      invocation.become(Status.INVOKED);
      invocation.start(null);
    }
  }

  /** Appends a notification, for the running attempt to hear. */
  void notify(OpenInvocation invocation, JournalEntry notification, ApplyContext ctx) {
    int at = ctx.append(invocation, false, notification);
    if (invocation.status() instanceof Status.Invoked) {
      Invocation current = invocation.current();
      ctx.emit(new Action.NotifyAttempt(current.id(), current.incarnation(), at, notification));
    }
  }

  /** An invocation that this one called has ended. */
  void answer(Waiter waiter, Outcome outcome, ApplyContext ctx) {
    OpenInvocation caller = ctx.find(waiter.id(), waiter.incarnation());
    if (caller != null) {
      complete(
          caller,
          waiter.completionId(),
          MessageType.CALL_COMPLETION,
          JournalFrames.outcome(waiter.completionId(), outcome),
          ctx);
    }
  }

  /** It is over: keep what is to be kept, tell who waits, and hand its key on. */
  void end(OpenInvocation invocation, Outcome outcome, ApplyContext ctx) {
    Invocation last = invocation.current();
    invocation.leave();
    Tables tables = ctx.tables();
    tables.invocations().delete(last.id());
    if (last.progress().pending() > 0) {
      forgetPending(last, tables);
    }
    Completed completed = retain(last, outcome, ctx);
    for (Waiter waiter : last.waiters()) {
      outbox.answer(waiter, outcome, this, ctx);
    }
    if (last.target().kind() == HandlerKind.EXCLUSIVE) {
      handKeyOn(last, ctx);
    }
    ctx.emit(new Action.Announce(completed));
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
    InvocationId next = ctx.tables().inbox().handOn(object, lock);
    if (next != null) {
      OpenInvocation heir = ctx.find(next);
      if (heir == null) {
        throw new Invariant.Broken("Expected " + next + " to wait for its key, but it is gone");
      }
      heir.become(Status.INVOKED);
      heir.start(null);
    }
  }
}
