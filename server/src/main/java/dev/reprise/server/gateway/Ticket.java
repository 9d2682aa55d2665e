package dev.reprise.server.gateway;

import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Ingress.Answer.Accepted;
import dev.reprise.cluster.partition.Ingress.Answer.AlreadyInvoked;
import dev.reprise.cluster.partition.Ingress.Answer.Ended;
import dev.reprise.cluster.partition.Ingress.Answer.NotFound;
import dev.reprise.cluster.partition.Ingress.Answer.NotReady;
import dev.reprise.cluster.partition.Ingress.Answer.NotRetained;
import dev.reprise.cluster.partition.Ingress.Answer.OutcomeUnknown;
import dev.reprise.cluster.partition.Ingress.Answer.Unavailable;
import dev.reprise.cluster.partition.Loop.Cancellable;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.storage.model.Completed;
import java.util.concurrent.atomic.AtomicInteger;
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
    OUTPUT
  }

  private final Exchange exchange;
  private final Purpose purpose;
  private final Registry registry;
  private final long askedStartMillis;
  private final AtomicInteger waiting;

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
      AtomicInteger waiting) {
    this.exchange = exchange;
    this.purpose = purpose;
    this.registry = registry;
    this.askedStartMillis = askedStartMillis;
    this.waiting = waiting;
    waiting.incrementAndGet();
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
    waiting.decrementAndGet();
    Cancellable taken = waits;
    waits = null;
    if (!answered && taken != null) {
      taken.cancel();
    }
  }

  private Response response(Answer answer) {
    return switch (answer) {
      case Ended it -> ended(it);
      case Accepted it -> accepted(it);
      case NotFound it ->
          purpose == Purpose.OUTPUT
              ? Replies.error(404, "invocation not found")
              : Replies.unknown(it.id());
      case NotReady it -> Replies.error(470, "invocation " + it.id() + " has not completed yet");
      case NotRetained it ->
          Replies.error(
              400,
              "the outcome of invocation " + it.id() + " is not kept, so it cannot be asked for");
      case Ingress.Answer.Done it -> new Response(202);
      case Ingress.Answer.Requested it -> new Response(202);
      case Ingress.Answer.Refused it -> Replies.error(409, it.reason());
      case Ingress.Answer.Open it -> throw unasked(it);
      case Ingress.Answer.Peeked it -> throw unasked(it);
      case Ingress.Answer.State it -> throw unasked(it);
      case AlreadyInvoked it -> Replies.error(409, "the workflow was already invoked");
      case Unavailable it -> Replies.unavailable(it.reason());
      case OutcomeUnknown it -> Replies.unavailable("outcome-unknown: " + it.reason());
    };
  }

  private static IllegalStateException unasked(Answer answer) {
    return new IllegalStateException("Expected an answer to what was asked, but got " + answer);
  }

  private Response accepted(Accepted accepted) {
    boolean scheduled = accepted.created() && accepted.startsAtMillis() == 0;
    return Replies.accepted(accepted, scheduled ? askedStartMillis : accepted.startsAtMillis());
  }

  private Response ended(Ended ended) {
    Completed completed = ended.completed();
    ServiceRevision service = registry.service(completed.target().service());
    HandlerRevision handler =
        service == null ? null : service.handler(completed.target().handler());
    return handler == null
        ? Replies.error(
            404, "handler " + completed.target() + " of this invocation is not registered any more")
        : Replies.ended(ended, handler);
  }
}
