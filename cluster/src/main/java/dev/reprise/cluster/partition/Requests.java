package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the front doors ask of a partition, over the epochs: proposed where there is a leader,
 * parked where there is none, asked again where that is safe. Each is answered once. Confined to
 * the leader loop.
 */
final class Requests {
  private final ParkedRequests parked;
  private final LeaderLoop.Surroundings around;
  private final Supplier<@Nullable Proposer> proposer;
  private final Runnable touch;

  /**
   * @param proposer of the present epoch; null when this replica does not lead
   * @param touch asks for a flush at the end of the loop's turn
   */
  Requests(
      ParkedRequests parked,
      LeaderLoop.Surroundings around,
      Supplier<@Nullable Proposer> proposer,
      Runnable touch) {
    this.parked = parked;
    this.around = around;
    this.proposer = proposer;
    this.touch = touch;
  }

  /**
   * Proposes a command that admits work, now or as soon as there is a leader here.
   *
   * @param answer rejected as {@code REFUSED} when it was never proposed; stale when nobody knows
   *     whether it took effect
   */
  void admit(Command command, Consumer<Result> answer) {
    long deadline = around.nanos().getAsLong() + around.settings().answerTimeout().toNanos();
    admit(new Request(command, answer, deadline));
  }

  private void admit(Request request) {
    Proposer open = proposer.get();
    if (open == null) {
      parked.park(request.deadlineNanos, () -> admit(request), request::giveUp);
    } else if (open.admit(request.command, request)) {
      touch.run();
    } else {
      request.giveUp();
    }
  }

  /**
   * What never left is asked again in the next epoch. Of what may be in the log, only what can be
   * recognised is: an invocation, a promise and an awakeable remember who made them, as long as
   * they are remembered themselves; to be asked to cancel twice does no harm. The others are told
   * that nobody knows. A message of another partition is its sender's to send again; what attempts
   * said is lost with them, and their next ones say it again.
   */
  void again(Proposer.Unanswered rest) {
    switch (rest.command()) {
      case Command.Invoke invoke ->
          again(rest, invoke.invocation().retention().completionMillis() > 0);
      case Command.Mark mark -> again(rest, true);
      case Command.SendSignal send -> again(rest, send.signal().id().onlyOnce());
      case Command.CompletePromise complete -> again(rest, true);
      case Command.Cancel cancel -> again(rest, true);
      case Command.Restart restart -> again(rest, true);
      case Command.Operation operation -> again(rest, false);
      case Command.PatchState patch -> again(rest, false);
      case Command.Deliver deliver -> rest.answer().accept(Result.STALE);
      case Command.AttemptSaid said -> {}
      case Command.FireTimers fire -> {}
      case Command.TruncateOutbox truncate -> {}
      case Command.SetLimitRules set -> {}
      case Command.FillLimits fill -> {}
      case Command.PurgeExpired purge -> {}
      case Command.AnnounceLeader announce -> {}
    }
  }

  private void again(Proposer.Unanswered rest, boolean recognised) {
    if (rest.answer() instanceof Request request) {
      request.mayBeDone |= rest.proposed();
      if (rest.proposed() && !recognised) {
        request.giveUp();
      } else {
        parked.park(request.deadlineNanos, () -> admit(request), request::giveUp);
      }
    }
  }

  /** Somebody leads here now. */
  void retry() {
    parked.retry();
  }

  void close() {
    parked.close();
  }

  /**
   * However often a request is asked again, it is not older than its deadline when it is: what it
   * once made must still be remembered.
   */
  private static final class Request implements Consumer<Result> {
    private final Command command;
    private final Consumer<Result> answer;
    private final long deadlineNanos;
    private boolean mayBeDone;

    Request(Command command, Consumer<Result> answer, long deadlineNanos) {
      this.command = command;
      this.answer = answer;
      this.deadlineNanos = deadlineNanos;
    }

    /** That it is too late for the second asking may be the doing of the first. */
    @Override
    public void accept(Result result) {
      boolean tooLate =
          result instanceof Result.Rejected rejected
              && (rejected.rejection() == Result.Rejection.NOT_FOUND
                  || rejected.rejection() == Result.Rejection.COMPLETED);
      answer.accept(mayBeDone && tooLate ? Result.STALE : result);
    }

    void giveUp() {
      answer.accept(
          mayBeDone
              ? Result.STALE
              : new Result.Rejected(
                  Result.Rejection.REFUSED, "no leader here, or too many requests wait for it"));
    }
  }
}
