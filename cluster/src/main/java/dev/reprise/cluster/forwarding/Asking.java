package dev.reprise.cluster.forwarding;

import dev.reprise.cluster.engine.Result.Rejection;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.NewInvocation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One question on its way to whoever leads, through as many leaders as it takes. It is asked again
 * only if that cannot do anything twice: nothing was done, or the partition knows it again. Told
 * once. Confined to the loop of its {@link Route}.
 */
final class Asking implements Pending {
  private static final Loop.Cancellable NOTHING = () -> {};

  private final Route route;
  private final Consumer<Reply> told;
  private final long firstNanos;
  private Question question;

  /** The call whose outcome is asked for by its id by now; null before. */
  private @Nullable NewInvocation call;

  private long deadlineNanos;
  private boolean mayBeDone;
  private boolean over;
  private int turn;
  private @Nullable NodeId at;
  private Loop.Cancellable underWay = NOTHING;

  Asking(Route route, Question question, Consumer<Reply> told) {
    this.route = route;
    this.question = question;
    this.told = told;
    this.firstNanos = route.nanos();
    this.deadlineNanos = firstNanos + route.timeoutNanos();
  }

  Question question() {
    return question;
  }

  /** The other node that has it now; null while it is here. */
  @Nullable NodeId at() {
    return at;
  }

  /** Asks whoever leads. */
  @Override
  public void go() {
    if (over) {
      return;
    }
    int mine = ++turn;
    at = route.whereTo();
    Loop.Cancellable asked =
        route.send(this, (reply, leader) -> route.onLoop(() -> hear(mine, reply, leader)));
    if (mine == turn && !over) {
      underWay = asked;
    }
  }

  /** Takes the waiting back: nothing is told. */
  void takeBack() {
    if (!over) {
      over = true;
      leave().cancel();
    }
  }

  private Loop.Cancellable leave() {
    Loop.Cancellable last = underWay;
    underWay = NOTHING;
    turn++;
    route.left(this);
    return last;
  }

  private void tell(Reply reply) {
    over = true;
    leave();
    told.accept(reply);
  }

  private void hear(int turnOfReply, Reply reply, @Nullable NodeId leader) {
    if (over || turnOfReply != turn) {
      return; // It is asked elsewhere by now, where the same question gets the same answer.
    }
    leave();
    switch (reply) {
      case Reply.Answered answered -> {
        route.answered();
        tell(meaning(answered));
      }
      case Reply.Delivered delivered -> {
        route.answered();
        tell(delivered);
      }
      case Reply.NotDone notDone -> {
        route.heardOf(at, leader);
        route.park(this, notDone.reason());
      }
      case Reply.Unknown unknown -> {
        route.heardOf(at, leader);
        lost(unknown.reason());
      }
    }
  }

  private void lost(String reason) {
    mayBeDone |= !question.reads();
    if (question instanceof Question.Attach) {
      // It waited for long, perhaps; what counts is how long nobody leads.
      deadlineNanos = route.nanos() + route.timeoutNanos();
    }
    if (question.knownAgain(route.memoryMillis()) && !isLate()) {
      route.park(this, reason);
    } else if (question instanceof Question.Call asked) {
      attach(asked.invocation());
      route.park(this, reason);
    } else {
      tell(new Reply.Unknown(reason));
    }
  }

  /**
   * To make the call again might run it again. If it is there, whoever called may have its outcome
   * by its id.
   */
  private void attach(NewInvocation invocation) {
    call = invocation;
    question = new Question.Attach(invocation.id());
    deadlineNanos = route.nanos() + route.timeoutNanos();
  }

  /** It is under way at a node that does not lead any more: ask the one that does, if we may. */
  void move() {
    boolean again = question.knownAgain(route.memoryMillis()) && !isLate();
    if (!again && !(question instanceof Question.Call) && !question.reads()) {
      return; // Nobody but that node can say what became of it.
    }
    mayBeDone |= !question.reads();
    if (!again && question instanceof Question.Call asked) {
      attach(asked.invocation());
    }
    leave().cancel();
    go();
  }

  /** Whether it has waited for a leader for as long as it may. */
  @Override
  public boolean isLate() {
    return deadlineNanos - route.nanos() <= 0;
  }

  /** It waited too long, or too many wait. */
  @Override
  public void giveUp(String reason) {
    if (over) {
      return;
    }
    leave().cancel();
    if (mayBeDone && question instanceof Question.Call asked && isLate() && route.isOpen()) {
      attach(asked.invocation());
      go();
    } else {
      tell(mayBeDone ? new Reply.Unknown(reason) : new Reply.NotDone(reason));
    }
  }

  /** Another node has had it for too long without a word. */
  void giveUpAway(String reason) {
    mayBeDone |= !question.reads();
    giveUp(reason);
  }

  /** Whether another node may have it for as long as it likes. */
  boolean waitsForOutcome() {
    return question instanceof Question.Call || question instanceof Question.Attach;
  }

  // ---- what an answer means to one that has asked before ----

  private Reply meaning(Reply.Answered answered) {
    NewInvocation asked = call;
    if (asked != null) {
      return byId(asked, answered);
    }
    if (!mayBeDone) {
      return answered;
    }
    return switch (answered.answer()) {
      // That it is too late for the second asking may be the doing of the first.
      case Answer.Refused it -> tooLate(it.why()) ? new Reply.Unknown(it.reason()) : answered;
      // Not this time; but perhaps the first.
      case Answer.Unavailable it -> new Reply.Unknown(it.reason());
      default -> answered;
    };
  }

  private static boolean tooLate(Rejection why) {
    return why == Rejection.NOT_FOUND || why == Rejection.COMPLETED;
  }

  private static Reply byId(NewInvocation asked, Reply.Answered answered) {
    return switch (answered.answer()) {
      case Answer.NotFound it ->
          new Reply.Unknown("the leader changed, and nothing is kept of the invocation");
      case Answer.Unavailable it -> new Reply.Unknown(it.reason());
      case Answer.Ended it -> {
        boolean same = same(asked, it.completed());
        yield new Reply.Answered(
            asked.target().kind() == HandlerKind.WORKFLOW_RUN && !same
                ? new Answer.AlreadyInvoked(asked.id())
                : new Answer.Ended(it.completed(), !same));
      }
      default -> answered;
    };
  }

  private static boolean same(NewInvocation asked, Completed completed) {
    return completed.creation().requestHigh() == asked.requestHigh()
        && completed.creation().requestLow() == asked.requestLow();
  }
}
