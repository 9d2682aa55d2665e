package dev.reprise.server.gateway;

import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.server.gateway.Ticket.Purpose;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.server.ingress.HandlerRequest;
import dev.reprise.server.ingress.Names;
import dev.reprise.server.ingress.Requests;
import dev.reprise.storage.model.InvocationId;

/** Asking for the outcome of an invocation that is there: attach waits for it, output does not. */
final class Outcomes {
  private final Requests requests;

  Outcomes(Requests requests) {
    this.requests = requests;
  }

  /**
   * {@code /restate/attach} and {@code /restate/output}, by id in the path or target in the body.
   */
  void byVerb(Exchange exchange, RequestPath path, Registry registry, Purpose purpose) {
    switch (path.count()) {
      case 2 -> {
        HttpRefusals.expectMethod(exchange, "POST");
        ask(exchange, registry, NamedTarget.parse(exchange.bodyBytes()), purpose);
      }
      case 3 -> {
        HttpRefusals.expectMethod(exchange, "GET");
        ask(exchange, registry, Names.id(path.segment(2)), purpose);
      }
      default -> throw HttpRefusals.badPath(path.path());
    }
  }

  /** {@code /restate/invocation/…}: by id, or by the names that an idempotency key is part of. */
  void byInvocation(Exchange exchange, RequestPath path, Registry registry) {
    if (path.count() < 4) {
      throw HttpRefusals.badPath(path.path());
    }
    if (path.count() == 4) {
      Purpose purpose = purpose(path.segment(3));
      HttpRefusals.expectMethod(exchange, "GET");
      ask(exchange, registry, Names.id(path.segment(2)), purpose);
      return;
    }
    ServiceRevision service = HandlerRequest.service(registry, path.segment(2));
    boolean keyed = service.kind().keyed();
    int handlerAt = keyed ? 4 : 3;
    if (path.count() != handlerAt + 3) {
      throw HttpRefusals.badPath(path.path());
    }
    String key = keyed ? path.key(3) : "";
    Purpose purpose = purpose(path.segment(handlerAt + 2));
    HttpRefusals.expectMethod(exchange, "GET");
    InvocationId id =
        Names.idempotent(
            keyed, service.name(), key, path.segment(handlerAt), "", path.segment(handlerAt + 1));
    ask(exchange, registry, id, purpose);
  }

  /**
   * {@code /restate/workflow/workflow/key/attach}, and the same with {@code output}. Whether
   * anybody serves such a workflow does not matter, and what follows is ignored.
   */
  void byWorkflow(Exchange exchange, RequestPath path, Registry registry) {
    if (path.count() < 5) {
      throw HttpRefusals.badPath(path.path());
    }
    String key = path.key(3);
    Purpose purpose = purpose(path.segment(4));
    HttpRefusals.expectMethod(exchange, "GET");
    ask(exchange, registry, Names.workflow(path.segment(2), key, ""), purpose);
  }

  /** {@code /restate/lookup}: the id of a target, whether or not it is there. */
  Response lookup(Exchange exchange, RequestPath path) {
    if (path.count() != 2) {
      throw HttpRefusals.badPath(path.path());
    }
    HttpRefusals.expectMethod(exchange, "POST");
    InvocationId id = NamedTarget.parse(exchange.bodyBytes());
    return Response.json(200, "{\"invocationId\":\"" + id + "\"}");
  }

  private void ask(Exchange exchange, Registry registry, InvocationId id, Purpose purpose) {
    Ticket ticket = new Ticket(exchange, purpose, registry, 0, requests);
    if (purpose == Purpose.OUTPUT) {
      requests.ingress().output(id, ticket);
    } else {
      ticket.waits(requests.ingress().attach(id, ticket));
    }
  }

  private static Purpose purpose(String verb) {
    return switch (verb) {
      case "attach" -> Purpose.ATTACH;
      case "output" -> Purpose.OUTPUT;
      default -> throw HttpRefusals.notFound();
    };
  }
}
