package dev.reprise.cluster.engine;

import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Waiter;

/** Who asks for the outcome of an invocation that it did not call. */
final class Attachments {
  private static final Outcome NOT_FOUND = new Outcome.Failure(404, "not found");

  private final Outbox outbox;

  Attachments(Outbox outbox) {
    this.outbox = outbox;
  }

  /** Answers at once, or when the invocation ends. */
  void attach(InvocationId target, Waiter waiter, ApplyContext ctx) {
    OpenInvocation open = ctx.find(target);
    if (open != null) {
      open.addWaiter(waiter);
    } else {
      answerEnded(target, waiter, ctx);
    }
  }

  /** Answers at once. */
  void output(InvocationId target, Waiter waiter, ApplyContext ctx) {
    if (ctx.find(target) != null) {
      outbox.post(waiter.partition(), new OutboxMessage.NotReady(waiter), ctx);
    } else {
      answerEnded(target, waiter, ctx);
    }
  }

  private void answerEnded(InvocationId target, Waiter waiter, ApplyContext ctx) {
    Completed ended = ctx.tables().completed().find(target);
    Outcome outcome = ended == null ? NOT_FOUND : ended.outcome();
    outbox.post(waiter.partition(), new OutboxMessage.Answer(waiter, outcome), ctx);
  }
}
