package dev.reprise.server.gateway;

import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.gateway.Ticket.Purpose;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.server.text.Timestamps;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.NewInvocation;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Calls and sends: one new invocation each. The order of its checks decides which error wins. */
final class Calls {
  private static final AsciiString IDEMPOTENCY_KEY = AsciiString.cached("idempotency-key");
  private static final AsciiString LIMIT_KEY = AsciiString.cached("x-restate-limit-key");

  private final Ingress ingress;
  private final NewInvocations invocations;
  private final InstantSource clock;
  private final AtomicInteger waiting;

  Calls(Ingress ingress, NewInvocations invocations, InstantSource clock, AtomicInteger waiting) {
    this.ingress = ingress;
    this.invocations = invocations;
    this.clock = clock;
    this.waiting = waiting;
  }

  /** What a path names: a handler, its key, and whether its outcome is waited for. */
  private record Target(ServiceRevision service, String key, String handler, boolean send) {}

  /** {@code /service/[key/]handler[/send]}. */
  void classic(Exchange exchange, RequestPath path, Registry registry) {
    ServiceRevision service = service(registry, path.segment(0));
    int handlerAt = service.kind().keyed() ? 2 : 1;
    boolean send = path.count() == handlerAt + 2 && path.segment(handlerAt + 1).equals("send");
    if (!send && path.count() != handlerAt + 1) {
      throw Refused.badPath(path.path());
    }
    String key = service.kind().keyed() ? path.key(1) : "";
    submit(exchange, path, registry, new Target(service, key, path.segment(handlerAt), send));
  }

  /** {@code /restate/call/service/[key/]handler}, and the same with {@code send}. */
  void named(Exchange exchange, RequestPath path, Registry registry, boolean send) {
    if (path.count() < 3) {
      throw Refused.badPath(path.path());
    }
    ServiceRevision service = service(registry, path.segment(2));
    int handlerAt = service.kind().keyed() ? 4 : 3;
    if (path.count() != handlerAt + 1) {
      throw Refused.badPath(path.path());
    }
    String key = service.kind().keyed() ? path.key(3) : "";
    submit(exchange, path, registry, new Target(service, key, path.segment(handlerAt), send));
  }

  private void submit(Exchange exchange, RequestPath path, Registry registry, Target target) {
    ServiceRevision service = target.service();
    HandlerRevision handler = service.handler(target.handler());
    if (handler == null) {
      throw new Refused(
          404, "service '" + service.name() + "' has no handler '" + target.handler() + "'");
    }
    if (isPrivate(service, handler)) {
      throw new Refused(400, "handler " + service.name() + "/" + handler.name() + " is not public");
    }
    HttpHeaders headers = exchange.headers();
    String idempotencyKey = idempotencyKey(headers, handler);
    if (service.kind() == ServiceKind.WORKFLOW) {
      throw new Refused(400, "workflows are not supported yet by this version");
    }
    String method = exchange.method();
    if (!method.equals("POST") && !method.equals("GET")) {
      throw Refused.wrongMethod(method);
    }
    String contentType = headers.get(Response.CONTENT_TYPE);
    String problem = BodyRules.problem(handler, contentType, !exchange.body().isReadable());
    if (problem != null) {
      throw new Refused(400, problem);
    }
    long delay = Delay.millis(path);
    checkLimitKey(headers, path);
    Bytes input = InputEncoder.encode(path.target(), headers, exchange.body());
    if (delay != Delay.NONE && !target.send()) {
      throw new Refused(400, "Expected a delay only on a send, but this is a call");
    }
    long startAt = delay == Delay.NONE ? 0 : startAt(delay);
    NewInvocation invocation =
        invocations.make(service, handler, target.key(), idempotencyKey, input, startAt, null);
    if (target.send()) {
      ingress.submit(invocation, new Ticket(exchange, Purpose.SEND, registry, startAt, waiting));
    } else {
      Ticket ticket = new Ticket(exchange, Purpose.CALL, registry, 0, waiting);
      ticket.waits(ingress.call(invocation, ticket));
    }
  }

  private long startAt(long delayMillis) {
    long at = clock.millis() + delayMillis;
    if (at > Timestamps.MAX_MILLIS) {
      throw new Refused(400, "bad delay: Expected a start before the year 10000");
    }
    return at;
  }

  private static ServiceRevision service(Registry registry, String name) {
    ServiceRevision service = registry.service(name);
    if (service == null) {
      throw new Refused(
          404, "service '" + name + "' not found, make sure that its deployment is registered");
    }
    return service;
  }

  private static boolean isPrivate(ServiceRevision service, HandlerRevision handler) {
    Boolean own = handler.options().ingressPrivate();
    return Boolean.TRUE.equals(own != null ? own : service.options().ingressPrivate());
  }

  private static String idempotencyKey(HttpHeaders headers, HandlerRevision handler) {
    String key = headers.get(IDEMPOTENCY_KEY);
    if (key == null) {
      return "";
    }
    if (!InputEncoder.visible(key)) {
      throw new Refused(400, "bad header idempotency-key");
    }
    if (handler.kind() == HandlerKind.WORKFLOW_RUN) {
      throw new Refused(
          400, "Expected no idempotency-key: a workflow's key is its own idempotency key");
    }
    return key;
  }

  private static void checkLimitKey(HttpHeaders headers, RequestPath path) {
    @Nullable String key = headers.get(LIMIT_KEY);
    if (key == null && !path.query().isEmpty()) {
      key = path.parameter("limit-key");
    }
    if (key != null) {
      throw new Refused(400, "Expected a limit key only with a scope, but there is no scope");
    }
  }
}
