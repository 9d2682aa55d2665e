package dev.reprise.server.gateway;

import dev.reprise.cluster.metadata.Registry;
import dev.reprise.server.gateway.Ticket.Purpose;
import dev.reprise.server.http.Deferrals;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.HttpHandler;
import dev.reprise.server.http.Response;
import dev.reprise.server.ingress.Afresh;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.ingress.Requests;
import dev.reprise.server.text.JsonText;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Routes requests of the public HTTP API. What begins with {@code /restate} is a verb; the rest is
 * {@code /service/[key/]handler[/send]}. Runs on the event loops of its connections.
 */
public final class HttpGateway implements HttpHandler {
  /** Requests that wait to hear whether their service is registered elsewhere. */
  private static final int DEFERRED = 1_000;

  private static final long DEFERRED_BYTES = 64L << 20;

  private final Requests shared;
  private final Calls calls;
  private final Outcomes outcomes;
  private final Awakeables awakeables;
  private final Deferrals deferrals = new Deferrals(this, DEFERRED, DEFERRED_BYTES);
  private final LongAdder requests = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private volatile boolean leaving;

  /** A gateway beside the other doors of its node. */
  public HttpGateway(Requests shared) {
    this.shared = shared;
    this.calls = new Calls(shared);
    this.outcomes = new Outcomes(shared);
    this.awakeables = new Awakeables(shared);
  }

  /** From now on the node's health says that others are to be asked. Any thread. */
  public void leave() {
    leaving = true;
  }

  /** How many requests there have been. Any thread. */
  public long requests() {
    return requests.sum();
  }

  /** How many requests were answered with an error of the gateway itself. Any thread. */
  public long refused() {
    return refused.sum();
  }

  @Override
  public void handle(Exchange exchange) {
    requests.increment();
    respond(exchange, answer(exchange));
  }

  private static void respond(Exchange exchange, @Nullable Response now) {
    if (now != null) {
      exchange.respond(Cors.permit(exchange, now));
    }
  }

  @Override
  public Response refusal(Refusal refusal) {
    refused.increment();
    return switch (refusal) {
      case DECLARED_TOO_LARGE -> Response.text(refusal.status(), refusal.message());
      case BUSY -> Replies.unavailable(refusal.message());
      case MALFORMED, SLOW, STREAMED_TOO_LARGE, TARGET_TOO_LONG, HEADERS_TOO_LARGE, BROKEN ->
          Replies.error(refusal.status(), refusal.message());
    };
  }

  /** What can be said at once; null when the partitions were asked. */
  private @Nullable Response answer(Exchange exchange) {
    if (exchange.method().equals("OPTIONS")) {
      return Cors.preflight(exchange);
    }
    try {
      return route(exchange, RequestPath.of(exchange.target()), shared.registry());
    } catch (Refused e) {
      return shared.afresh().mayHelp(e) ? answerOnceCaughtUp(exchange) : refuse(e);
    }
  }

  private Response refuse(Refused e) {
    refused.increment();
    return Replies.refused(e);
  }

  /** What is not registered as far as this node knows may be so elsewhere: it finds out, once. */
  private @Nullable Response answerOnceCaughtUp(Exchange exchange) {
    boolean deferred =
        deferrals.defer(
            exchange,
            shared.afresh().caughtUp(),
            problem -> respond(exchange, again(exchange, problem)));
    return deferred
        ? null
        : refuse(
            new Refused(
                Reason.TOO_MANY_REQUESTS,
                "Expected fewer requests for services that this node does not know; try again"));
  }

  private @Nullable Response again(Exchange exchange, @Nullable Throwable problem) {
    if (problem != null) {
      return refuse(Afresh.refusal(problem));
    }
    try {
      return route(exchange, RequestPath.of(exchange.target()), shared.registry());
    } catch (Refused e) {
      return refuse(e);
    }
  }

  private @Nullable Response route(Exchange exchange, RequestPath path, Registry now) {
    String first = path.segment(0);
    if (first.equals("openapi")) {
      throw HttpRefusals.notFound();
    }
    boolean verb = first.equals("restate");
    if (verb && path.segment(1).equals("health")) {
      return health(exchange, now);
    }
    shared.waiting().expectRoom();
    if (verb) {
      return verb(exchange, path, now);
    }
    calls.classic(exchange, path, now);
    return null;
  }

  private @Nullable Response verb(Exchange exchange, RequestPath path, Registry now) {
    switch (path.segment(1)) {
      case "call" -> calls.named(exchange, path, now, false);
      case "send" -> calls.named(exchange, path, now, true);
      case "attach" -> outcomes.byVerb(exchange, path, now, Purpose.ATTACH);
      case "output" -> outcomes.byVerb(exchange, path, now, Purpose.OUTPUT);
      case "invocation" -> outcomes.byInvocation(exchange, path, now);
      case "lookup" -> {
        return outcomes.lookup(exchange, path);
      }
      case "workflow" -> outcomes.byWorkflow(exchange, path, now);
      case "awakeables", "a" -> awakeables.complete(exchange, path, now);
      case "scope" -> calls.scoped(exchange, path, now);
      default -> throw HttpRefusals.notFound();
    }
    return null;
  }

  private Response health(Exchange exchange, Registry now) {
    HttpRefusals.expectMethod(exchange, "GET");
    if (leaving) {
      return Replies.unavailable("The node stops: ask another one");
    }
    StringBuilder json = new StringBuilder("{\"services\":[");
    String separator = "";
    for (String name : new TreeSet<>(now.services().keySet())) {
      JsonText.quote(json.append(separator), name);
      separator = ",";
    }
    return Response.json(200, json.append("]}").toString());
  }
}
