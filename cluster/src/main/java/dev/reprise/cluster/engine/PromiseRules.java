package dev.reprise.cluster.engine;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.codec.JournalFrames;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.JournalEntry;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.Promise;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Waiter;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.Layouts;
import dev.reprise.storage.table.TableId;
import dev.reprise.storage.table.Tables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A workflow's durable promises: decided once, read and waited for by its handlers. */
final class PromiseRules {
  private static final String ALREADY_COMPLETED = "promise was already completed";

  /** They stand in the promise's row, which is written as a whole. */
  private static final Outcome TOO_MANY =
      new Outcome.Failure(
          429,
          "Expected at most "
              + OpenInvocation.MAX_WAITERS
              + " to wait for one promise, but there are as many already");

  private final int self;
  private final Notifications notifications;

  PromiseRules(int self, Notifications notifications) {
    this.self = self;
    this.notifications = notifications;
  }

  static boolean concerns(int type) {
    return type == MessageType.GET_PROMISE
        || type == MessageType.PEEK_PROMISE
        || type == MessageType.COMPLETE_PROMISE;
  }

  /** A handler's command, which stands in its journal at this index. */
  void apply(int type, Bytes payload, int at, OpenInvocation invocation, ApplyContext ctx) {
    HandlerKind kind = invocation.current().target().kind();
    Invariant.hold(
        kind == HandlerKind.WORKFLOW_RUN || kind == HandlerKind.WORKFLOW_SHARED,
        "Expected promises to be used by workflows, but it was another");
    switch (type) {
      case MessageType.GET_PROMISE -> get(JournalFrames.getPromise(payload), invocation, ctx);
      case MessageType.PEEK_PROMISE -> {
        JournalFrames.PromiseRead read = JournalFrames.peekPromise(payload);
        Promise promise = ctx.tables().promises().find(key(invocation, read.key()));
        Outcome outcome = promise instanceof Promise.Decided it ? it.outcome() : null;
        tell(invocation, MessageType.PEEK_PROMISE_COMPLETION, read.completionId(), outcome, ctx);
      }
      case MessageType.COMPLETE_PROMISE -> {
        JournalFrames.PromiseWrite write = JournalFrames.completePromise(payload);
        RequestId request = Requested.by(invocation.id(), invocation.incarnation(), at);
        boolean decided = decide(key(invocation, write.key()), write.outcome(), request, ctx);
        Outcome refusal = decided ? null : new Outcome.Failure(409, ALREADY_COMPLETED);
        tell(
            invocation,
            MessageType.COMPLETE_PROMISE_COMPLETION,
            write.completionId(),
            refusal,
            ctx);
      }
      default -> throw new Invariant.Broken("Expected a promise's command, but got " + type);
    }
  }

  private void tell(
      OpenInvocation invocation,
      int type,
      int completion,
      @Nullable Outcome outcome,
      ApplyContext ctx) {
    Bytes answer = JournalFrames.outcome(completion, outcome);
    notifications.tell(invocation, new JournalEntry(type, answer), ctx);
  }

  private void get(JournalFrames.PromiseRead read, OpenInvocation invocation, ApplyContext ctx) {
    Keys.Promise key = key(invocation, read.key());
    switch (ctx.tables().promises().find(key)) {
      case Promise.Decided decided ->
          tell(
              invocation,
              MessageType.GET_PROMISE_COMPLETION,
              read.completionId(),
              decided.outcome(),
              ctx);
      case Promise.Open open -> await(key, open.waiters(), read, invocation, ctx);
      case null -> await(key, List.of(), read, invocation, ctx);
    }
  }

  private void await(
      Keys.Promise key,
      List<Waiter> others,
      JournalFrames.PromiseRead read,
      OpenInvocation invocation,
      ApplyContext ctx) {
    if (others.size() >= OpenInvocation.MAX_WAITERS) {
      int type = MessageType.GET_PROMISE_COMPLETION;
      tell(invocation, type, read.completionId(), TOO_MANY, ctx);
      return;
    }
    notifications.await(invocation, read.completionId(), new Pending.Promise(read.key()), ctx);
    List<Waiter> waiters = new ArrayList<>(others);
    waiters.add(new Waiter(self, invocation.id(), invocation.incarnation(), read.completionId()));
    ctx.tables().promises().put(key, new Promise.Open(waiters));
  }

  /** A client decides. */
  Result complete(Command.CompletePromise command, ApplyContext ctx) {
    Keys.Promise key = new Keys.Promise(command.workflow(), command.key());
    return decide(key, command.outcome(), command.request(), ctx)
        ? Result.DONE
        : new Result.Rejected(Result.Rejection.DECIDED, ALREADY_COMPLETED);
  }

  /** The first to decide tells all who wait. Returns whether it is or was decided by this one. */
  private boolean decide(Keys.Promise key, Outcome outcome, RequestId request, ApplyContext ctx) {
    Promise before = ctx.tables().promises().find(key);
    if (before instanceof Promise.Decided decided) {
      return decided.request().equals(request);
    }
    ctx.tables().promises().put(key, new Promise.Decided(outcome, request));
    if (before instanceof Promise.Open open) {
      open.waiters().forEach(it -> notifications.answer(it, outcome, ctx));
    }
    return true;
  }

  /** One that waited is over. */
  static void leave(ObjectId workflow, String promise, InvocationId id, Tables tables) {
    Keys.Promise key = new Keys.Promise(workflow, promise);
    if (tables.promises().find(key) instanceof Promise.Open open) {
      List<Waiter> rest = open.waiters().stream().filter(it -> !it.id().equals(id)).toList();
      if (rest.isEmpty()) {
        tables.promises().delete(key);
      } else {
        tables.promises().put(key, new Promise.Open(rest));
      }
    }
  }

  /**
   * The workflow is forgotten, and what was decided with it. Whoever still waits for something is
   * not forgotten: it goes on waiting, and may be told by somebody yet.
   */
  static void forget(ObjectId workflow, Tables tables) {
    List<Keys.Promise> decided = new ArrayList<>();
    tables
        .promises()
        .scan(
            Layouts.prefixOf(TableId.PROMISE, workflow),
            key -> key.workflow().equals(workflow),
            (key, promise) -> {
              if (promise instanceof Promise.Decided) {
                decided.add(key);
              }
            });
    decided.forEach(tables.promises()::delete);
  }

  private static Keys.Promise key(OpenInvocation invocation, String promise) {
    return new Keys.Promise(invocation.current().target().object(), promise);
  }
}
