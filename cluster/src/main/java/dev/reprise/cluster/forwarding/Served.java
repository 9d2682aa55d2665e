package dev.reprise.cluster.forwarding;

import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import java.util.concurrent.TimeUnit;

/**
 * A question of another node, which looks further itself if this one does not lead. Confined to the
 * loop of its {@link Route}.
 */
final class Served implements Pending {
  /** How long it waits for this node to lead. */
  private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Route route;
  private final Question question;
  private final OtherNodes.Heard reply;
  private final long deadlineNanos;
  private boolean over;
  private Loop.Cancellable underWay = () -> {};

  Served(Route route, Question question, OtherNodes.Heard reply) {
    this.route = route;
    this.question = question;
    this.reply = reply;
    this.deadlineNanos = route.nanos() + SOON_NANOS;
  }

  @Override
  public void go() {
    if (over) {
      return;
    }
    if (route.leadsSoon() && !isLate()) {
      route.park(this, "this node is about to lead");
    } else {
      underWay = route.askHere(question, this::tell);
    }
  }

  private void tell(Reply given) {
    if (!over) {
      over = true;
      reply.hear(given, route.leaderHint());
    }
  }

  @Override
  public boolean isLate() {
    return deadlineNanos - route.nanos() <= 0;
  }

  @Override
  public void giveUp(String reason) {
    tell(new Reply.NotDone(reason));
  }

  void takeBack() {
    over = true;
    underWay.cancel();
  }
}
