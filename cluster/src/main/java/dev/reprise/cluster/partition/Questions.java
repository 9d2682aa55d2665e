package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Promise;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.TablesView;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers the questions to one replica of a partition. Confined to the leader loop. */
final class Questions {
  private static final Loop.Cancellable NOTHING = () -> {};

  private final LeaderLoop leader;
  private final TablesView tables;
  private final Inspector inspector;

  Questions(LeaderLoop leader, TablesView tables) {
    this.leader = leader;
    this.tables = tables;
    this.inspector = new Inspector(tables, leader::invoker);
  }

  /** The reply comes once, perhaps before this returns. */
  Loop.Cancellable ask(Question question, Consumer<Reply> reply) {
    return switch (question) {
      case Question.Call call -> call(call.invocation(), reply);
      case Question.Attach attach -> attach(attach.id(), reply);
      case Question.Submit submit -> submit(submit.invocation(), reply);
      case Question.Output output -> output(output.id(), reply);
      case Question.Change change -> change(change.command(), reply);
      case Question.Deliver deliver -> deliver(deliver.messages(), reply);
      case Question.Find find -> read(reply, it -> found(find.id(), it));
      case Question.Peek peek -> read(reply, it -> peeked(peek, it));
      case Question.Look look -> read(reply, it -> inspector.look(look));
      case Question.Describe describe -> read(reply, it -> inspector.describe(describe.id()));
      case Question.State state ->
          read(
              reply,
              it -> {
                Replay.State found = ReplayReader.stateOf(it, state.object(), state.limitBytes());
                return new Ingress.Answer.State(found.entries(), found.complete());
              });
    };
  }

  private static Reply answered(Ingress.Answer answer) {
    return new Reply.Answered(answer);
  }

  // ---- new invocations ----

  private Loop.Cancellable submit(NewInvocation asked, Consumer<Reply> reply) {
    leader.admit(
        new Command.Invoke(asked),
        new Admitted(result -> reply.accept(accepted(asked, result)), reply));
    return NOTHING;
  }

  private static Reply accepted(NewInvocation asked, Result result) {
    return switch (result) {
      case Result.Open open ->
          answered(
              new Ingress.Answer.Accepted(
                  asked.id(), open.created(), startsAt(open.invocation().status())));
      case Result.Ended ended ->
          answered(new Ingress.Answer.Accepted(asked.id(), ended.sameRequest(), 0));
      case Result.Rejected rejected -> answered(new Ingress.Answer.Unavailable(rejected.reason()));
      case Result.Faulted faulted -> answered(new Ingress.Answer.OutcomeUnknown(faulted.reason()));
      case Result.Stale stale -> Reply.LEADER_CHANGED;
      case Result.Done done -> unexpected(result);
      case Result.Requested requested -> unexpected(result);
      case Result.Gap gap -> unexpected(result);
      case Result.Delivered delivered -> unexpected(result);
    };
  }

  private static Reply unexpected(Result result) {
    return answered(new Ingress.Answer.OutcomeUnknown("the log answered " + result));
  }

  private static long startsAt(Status status) {
    return status instanceof Status.Scheduled scheduled ? scheduled.atMillis() : 0;
  }

  private Loop.Cancellable call(NewInvocation asked, Consumer<Reply> reply) {
    Wait wait = new Wait(asked.id(), reply);
    leader.admit(
        new Command.Invoke(asked), new Admitted(result -> called(asked, result, wait), wait));
    return wait::takeBack;
  }

  private static void called(NewInvocation asked, Result result, Wait wait) {
    switch (result) {
      case Result.Open open -> {
        if (asked.target().kind() == HandlerKind.WORKFLOW_RUN && !open.created()) {
          wait.accept(answered(new Ingress.Answer.AlreadyInvoked(asked.id())));
        } else {
          wait.begin(open.invocation().incarnation());
        }
      }
      case Result.Ended ended -> wait.accept(answered(outcome(asked, ended)));
      default -> wait.accept(accepted(asked, result));
    }
  }

  private static Ingress.Answer outcome(NewInvocation asked, Result.Ended ended) {
    return asked.target().kind() == HandlerKind.WORKFLOW_RUN && !ended.sameRequest()
        ? new Ingress.Answer.AlreadyInvoked(asked.id())
        : new Ingress.Answer.Ended(ended.completed(), !ended.sameRequest());
  }

  /** A wait for an outcome; taken back, it hears nothing. */
  private final class Wait implements Consumer<Reply> {
    private final InvocationId id;
    private final Consumer<Reply> reply;
    private boolean takenBack;

    Wait(InvocationId id, Consumer<Reply> reply) {
      this.id = id;
      this.reply = reply;
    }

    @Override
    public void accept(Reply given) {
      if (!takenBack) {
        reply.accept(given);
      }
    }

    void begin(long incarnation) {
      if (!takenBack) {
        leader.callers().await(id, incarnation, this);
      }
    }

    void takeBack() {
      takenBack = true;
      leader.callers().forget(id, this);
    }
  }

  // ---- outcomes ----

  private Loop.Cancellable attach(InvocationId id, Consumer<Reply> reply) {
    Wait wait = new Wait(id, reply);
    look(id, wait, open -> wait.begin(open.incarnation()));
    return wait::takeBack;
  }

  private Loop.Cancellable output(InvocationId id, Consumer<Reply> reply) {
    look(id, reply, open -> reply.accept(answered(new Ingress.Answer.NotReady(id))));
    return NOTHING;
  }

  /**
   * An outcome never changes and is answered at once. Everything else is current only behind a mark
   * that went through the log.
   */
  private void look(InvocationId id, Consumer<Reply> reply, Consumer<Invocation> whenOpen) {
    Completed early = tables.completed(id);
    if (early != null) {
      reply.accept(answered(new Ingress.Answer.Ended(early, true)));
      return;
    }
    marked(
        reply,
        () -> {
          // In this order: what is open now and ends later will be announced to us later.
          Invocation open = tables.invocation(id);
          if (open != null) {
            whenOpen.accept(open);
          } else {
            reply.accept(answered(found(id, tables)));
          }
        });
  }

  // ---- the rest ----

  private Loop.Cancellable change(Command command, Consumer<Reply> reply) {
    leader.admit(command, new Admitted(result -> reply.accept(changed(result)), reply));
    return NOTHING;
  }

  private static Reply changed(Result result) {
    return switch (result) {
      case Result.Done done -> answered(new Ingress.Answer.Done());
      case Result.Requested requested -> answered(new Ingress.Answer.Requested());
      case Result.Open open ->
          answered(new Ingress.Answer.Accepted(open.invocation().id(), open.created(), 0));
      case Result.Ended ended ->
          answered(new Ingress.Answer.Accepted(ended.completed().id(), ended.sameRequest(), 0));
      case Result.Rejected rejected ->
          answered(
              rejected.rejection() == Result.Rejection.REFUSED
                  ? new Ingress.Answer.Unavailable(rejected.reason())
                  : new Ingress.Answer.Refused(rejected.rejection(), rejected.reason()));
      case Result.Faulted faulted -> answered(new Ingress.Answer.OutcomeUnknown(faulted.reason()));
      case Result.Stale stale -> Reply.LEADER_CHANGED;
      case Result.Gap gap -> unexpected(result);
      case Result.Delivered delivered -> unexpected(result);
    };
  }

  private Loop.Cancellable deliver(Command.Deliver messages, Consumer<Reply> reply) {
    leader.deliver(
        messages,
        new Admitted(
            result ->
                reply.accept(
                    result instanceof Result.Delivered delivered
                        ? new Reply.Delivered(delivered.throughSequence())
                        : new Reply.Unknown("the log answered " + result)),
            reply));
    return NOTHING;
  }

  /** What stands in the tables behind a mark that went through the log is current. */
  private Loop.Cancellable read(
      Consumer<Reply> reply, Function<TablesView, Ingress.Answer> reading) {
    marked(reply, () -> reply.accept(answered(reading.apply(tables))));
    return NOTHING;
  }

  private void marked(Consumer<Reply> reply, Runnable then) {
    leader.admit(
        new Command.Mark(),
        new Admitted(
            result -> {
              switch (result) {
                case Result.Done done -> then.run();
                case Result.Rejected rejected ->
                    reply.accept(answered(new Ingress.Answer.Unavailable(rejected.reason())));
                default -> reply.accept(Reply.LEADER_CHANGED);
              }
            },
            reply));
  }

  private static Ingress.Answer found(InvocationId id, TablesView tables) {
    Invocation open = tables.invocation(id);
    if (open != null) {
      return new Ingress.Answer.Open(open);
    }
    @Nullable Completed completed = tables.completed(id);
    return completed == null
        ? new Ingress.Answer.NotFound(id)
        : new Ingress.Answer.Ended(completed, true);
  }

  private static Ingress.Answer peeked(Question.Peek peek, TablesView tables) {
    return new Ingress.Answer.Peeked(
        tables.promise(peek.workflow(), peek.key()) instanceof Promise.Decided decided
            ? decided.outcome()
            : null);
  }
}
