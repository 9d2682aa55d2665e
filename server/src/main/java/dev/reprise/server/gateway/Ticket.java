package dev.reprise.server.gateway;

import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Ingress.Answer.Accepted;
import dev.reprise.cluster.partition.Ingress.Answer.AlreadyInvoked;
import dev.reprise.cluster.partition.Ingress.Answer.Done;
import dev.reprise.cluster.partition.Ingress.Answer.Ended;
import dev.reprise.cluster.partition.Ingress.Answer.NotFound;
import dev.reprise.cluster.partition.Ingress.Answer.Requested;
import dev.reprise.cluster.partition.Loop.Cancellable;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.server.ingress.Answers;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Waiting;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for the partitions' answer. Takes the waiting back when its client leaves.
 * Confined to the exchange's loop, but for {@link #accept}.
 */
final class Ticket implements Consumer<Answer>, Exchange.Listener {
  /** What was asked; the same answer means different things. */
  enum Purpose {
    CALL,
    SEND,
    ATTACH,
    OUTPUT,
    /** Its answer says only that it was taken, whatever became of it. */
    AWAKEABLE
  }

  private final Exchange exchange;
  private final Purpose purpose;
  private final Registry registry;
  private final long askedStartMillis;
  private final Waiting waiting;

  private @Nullable Cancellable waits;
  private boolean ended;

  /**
   * @param askedStartMillis when a delayed send is to start, 0 without a delay
   * @param waiting counts requests that wait
   */
  Ticket(
      Exchange exchange,
      Purpose purpose,
      Registry registry,
      long askedStartMillis,
      Waiting waiting) {
    this.exchange = exchange;
    this.purpose = purpose;
    this.registry = registry;
    this.askedStartMillis = askedStartMillis;
    this.waiting = waiting;
    waiting.entered();
    exchange.listen(this);
  }

  /** Names what is taken back when the client leaves. */
  void waits(Cancellable cancellable) {
    if (!ended) {
      waits = cancellable;
    }
  }

  @Override
  public void accept(Answer answer) {
    exchange.respond(Cors.permit(exchange, response(answer)));
  }

  @Override
  public void ended(boolean answered) {
    ended = true;
    waiting.left();
    Cancellable taken = waits;
    waits = null;
    if (!answered && taken != null) {
      taken.cancel();
    }
  }

  private Response notFound(NotFound answer) {
    return purpose == Purpose.OUTPUT
        ? Replies.refused(Answers.refusal(answer))
        : Replies.unknown(answer.id());
  }

  private Response refused(Answer.Refused answer) {
    return purpose == Purpose.AWAKEABLE
        ? new Response(202)
        : Replies.refused(Answers.refusal(answer));
  }

  private Response response(Answer answer) {
    try {
      return switch (answer) {
        case Ended it -> Replies.ended(it, Answers.handlerOf(it.completed(), registry));
        case Accepted it -> Replies.accepted(it, Answers.startsAt(it, askedStartMillis));
        case NotFound it -> notFound(it);
        case AlreadyInvoked it -> Replies.alreadyInvoked(it.id());
        case Done it -> new Response(202);
        case Requested it -> new Response(202);
        case Answer.Refused it -> refused(it);
        default -> Replies.refused(Answers.refusal(answer));
      };
    } catch (Refused e) {
      return Replies.refused(e);
    }
  }
}
