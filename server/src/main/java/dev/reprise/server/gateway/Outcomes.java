package dev.reprise.server.gateway;

import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.server.gateway.Ticket.Purpose;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.storage.model.InvocationId;
import java.util.concurrent.atomic.AtomicInteger;

/** Asking for the outcome of an invocation that is there: attach waits for it, output does not. */
final class Outcomes {
  private final Ingress ingress;
  private final AtomicInteger waiting;

  Outcomes(Ingress ingress, AtomicInteger waiting) {
    this.ingress = ingress;
    this.waiting = waiting;
  }

  /**
   * {@code /restate/attach} and {@code /restate/output}, by id in the path or target in the body.
   */
  void byVerb(Exchange exchange, RequestPath path, Registry registry, Purpose purpose) {
    switch (path.count()) {
      case 2 -> {
        expect(exchange, "POST");
        NamedTarget target = NamedTarget.parse(exchange.bodyBytes());
        if (target.workflow()) {
          throw new Refused(400, "workflows are not supported yet by this version");
        }
        ask(exchange, registry, target.id(), purpose);
      }
      case 3 -> {
        expect(exchange, "GET");
        ask(exchange, registry, NamedTarget.id(path.segment(2)), purpose);
      }
      default -> throw Refused.badPath(path.path());
    }
  }

  /** {@code /restate/invocation/…}: by id, or by the names that an idempotency key is part of. */
  void byInvocation(Exchange exchange, RequestPath path, Registry registry) {
    if (path.count() < 4) {
      throw Refused.badPath(path.path());
    }
    if (path.count() == 4) {
      Purpose purpose = purpose(path.segment(3));
      expect(exchange, "GET");
      ask(exchange, registry, NamedTarget.id(path.segment(2)), purpose);
      return;
    }
    ServiceRevision service = registry.service(path.segment(2));
    if (service == null) {
      throw new Refused(404, "service '" + path.segment(2) + "' not found");
    }
    boolean keyed = service.kind().keyed();
    int handlerAt = keyed ? 4 : 3;
    if (path.count() != handlerAt + 3) {
      throw Refused.badPath(path.path());
    }
    String key = keyed ? path.key(3) : "";
    Purpose purpose = purpose(path.segment(handlerAt + 2));
    expect(exchange, "GET");
    InvocationId id =
        NamedTarget.idempotent(
            keyed, service.name(), key, path.segment(handlerAt), path.segment(handlerAt + 1));
    ask(exchange, registry, id, purpose);
  }

  /** {@code /restate/lookup}: the id of a target, whether or not it is there. */
  Response lookup(Exchange exchange, RequestPath path) {
    if (path.count() != 2) {
      throw Refused.badPath(path.path());
    }
    expect(exchange, "POST");
    InvocationId id = NamedTarget.parse(exchange.bodyBytes()).id();
    return Response.json(200, "{\"invocationId\":\"" + id + "\"}");
  }

  private void ask(Exchange exchange, Registry registry, InvocationId id, Purpose purpose) {
    Ticket ticket = new Ticket(exchange, purpose, registry, 0, waiting);
    if (purpose == Purpose.OUTPUT) {
      ingress.output(id, ticket);
    } else {
      ticket.waits(ingress.attach(id, ticket));
    }
  }

  private static Purpose purpose(String verb) {
    return switch (verb) {
      case "attach" -> Purpose.ATTACH;
      case "output" -> Purpose.OUTPUT;
      default -> throw Refused.notFound();
    };
  }

  private static void expect(Exchange exchange, String method) {
    if (!exchange.method().equals(method)) {
      throw Refused.wrongMethod(exchange.method());
    }
  }
}
