package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Result;
import java.util.function.Consumer;

/** Who asked for a command, and how its result becomes a reply. Told once; on the leader loop. */
final class Admitted implements Consumer<Result> {
  private final Consumer<Result> taken;
  private final Consumer<Reply> reply;

  /**
   * @param taken hears what became of the command, and sees to the reply
   * @param reply hears that there was no result
   */
  Admitted(Consumer<Result> taken, Consumer<Reply> reply) {
    this.taken = taken;
    this.reply = reply;
  }

  @Override
  public void accept(Result result) {
    taken.accept(result);
  }

  /** Nobody leads here. */
  void notLeading() {
    reply.accept(Reply.NOT_LEADING);
  }

  /** The epoch ended. */
  void unanswered(boolean proposed) {
    reply.accept(proposed ? Reply.LEADER_CHANGED : Reply.NOT_LEADING);
  }

  /** Too many wait. */
  void refused() {
    reply.accept(
        new Reply.Answered(
            new Ingress.Answer.Unavailable("too many requests wait for this partition")));
  }
}
