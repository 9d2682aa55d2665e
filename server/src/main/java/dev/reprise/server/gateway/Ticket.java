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
import dev.reprise.server.ingress.Afresh;
import dev.reprise.server.ingress.Answers;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Requests;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request that waits for the partitions' answer. Takes the waiting back when its client leaves.
 * Confined to the exchange's loop, but for {@link #accept}. An outcome whose handler this node does
 * not know is told once the node has caught up; until then the request is one that waits.
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
  private final Requests requests;

  private @Nullable Cancellable waits;
  private boolean ended;

  /**
   * @param askedStartMillis when a delayed send is to start, 0 without a delay
   * @param registry as the request found it: what it named may be gone when it is answered
   * @param requests counts those that wait
   */
  Ticket(
      Exchange exchange,
      Purpose purpose,
      Registry registry,
      long askedStartMillis,
      Requests requests) {
    this.exchange = exchange;
    this.purpose = purpose;
    this.registry = registry;
    this.askedStartMillis = askedStartMillis;
    this.requests = requests;
    requests.waiting().entered();
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
    try {
      respond(response(answer, registry));
    } catch (Refused e) {
      if (requests.afresh().mayHelp(e)) {
        var unused =
            requests
                .afresh()
                .caughtUp()
                .whenComplete((done, problem) -> respond(again(answer, problem)));
      } else {
        respond(Replies.refused(e));
      }
    }
  }

  private void respond(Response response) {
    exchange.respond(Cors.permit(exchange, response));
  }

  private Response again(Answer answer, @Nullable Throwable problem) {
    if (problem != null) {
      return Replies.refused(Afresh.refusal(problem));
    }
    try {
      return response(answer, requests.registry());
    } catch (Refused e) {
      return Replies.refused(e);
    }
  }

  @Override
  public void ended(boolean answered) {
    ended = true;
    requests.waiting().left();
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

  private Response response(Answer answer, Registry known) {
    return switch (answer) {
      case Ended it -> Replies.ended(it, Answers.handlerOf(it.completed(), known));
      case Accepted it -> Replies.accepted(it, Answers.startsAt(it, askedStartMillis));
      case NotFound it -> notFound(it);
      case AlreadyInvoked it -> Replies.alreadyInvoked(it.id());
      case Done it -> new Response(202);
      case Requested it -> new Response(202);
      case Answer.Refused it -> refused(it);
      default -> Replies.refused(Answers.refusal(answer));
    };
  }
}
