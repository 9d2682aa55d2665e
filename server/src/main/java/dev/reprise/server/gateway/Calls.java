package dev.reprise.server.gateway;

import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.server.gateway.Ticket.Purpose;
import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.server.ingress.HandlerRequest;
import dev.reprise.server.ingress.InputEncoder;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.ingress.Requests;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.NewInvocation;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Calls and sends: one new invocation each. The order of its checks decides which error wins. */
final class Calls {
  private static final AsciiString IDEMPOTENCY_KEY = AsciiString.cached("idempotency-key");
  private static final AsciiString LIMIT_KEY = AsciiString.cached("x-restate-limit-key");

  private final Requests requests;

  Calls(Requests requests) {
    this.requests = requests;
  }

  /** {@code /service/[key/]handler[/send]}. */
  void classic(Exchange exchange, RequestPath path, Registry registry) {
    ServiceRevision service = HandlerRequest.service(registry, path.segment(0));
    int handlerAt = service.kind().keyed() ? 2 : 1;
    boolean send = path.count() == handlerAt + 2 && path.segment(handlerAt + 1).equals("send");
    if (!send && path.count() != handlerAt + 1) {
      throw HttpRefusals.badPath(path.path());
    }
    String key = service.kind().keyed() ? path.key(1) : "";
    HandlerRequest asked = HandlerRequest.of(service, key, path.segment(handlerAt));
    submit(exchange, path, registry, asked, send);
  }

  /** {@code /restate/call/service/[key/]handler}, and the same with {@code send}. */
  void named(Exchange exchange, RequestPath path, Registry registry, boolean send) {
    submit(exchange, path, registry, named(path, registry, 2), send);
  }

  /** {@code /restate/scope/scope/call/service/[key/]handler}, and the same with {@code send}. */
  void scoped(Exchange exchange, RequestPath path, Registry registry) {
    if (path.count() < 6) {
      throw HttpRefusals.badPath(path.path());
    }
    String verb = path.segment(3);
    if (!verb.equals("call") && !verb.equals("send")) {
      throw HttpRefusals.notFound();
    }
    HandlerRequest asked = named(path, registry, 4);
    asked.idempotencyKey(exchange.headers().get(IDEMPOTENCY_KEY));
    submit(exchange, path, registry, asked.in(path.key(2)), verb.equals("send"));
  }

  /** The handler that a path names from this segment on. */
  private static HandlerRequest named(RequestPath path, Registry registry, int serviceAt) {
    if (path.count() <= serviceAt) {
      throw HttpRefusals.badPath(path.path());
    }
    ServiceRevision service = HandlerRequest.service(registry, path.segment(serviceAt));
    int handlerAt = serviceAt + (service.kind().keyed() ? 2 : 1);
    if (path.count() != handlerAt + 1) {
      throw HttpRefusals.badPath(path.path());
    }
    String key = service.kind().keyed() ? path.key(serviceAt + 1) : "";
    return HandlerRequest.of(service, key, path.segment(handlerAt));
  }

  private void submit(
      Exchange exchange, RequestPath path, Registry registry, HandlerRequest asked, boolean send) {
    HttpHeaders headers = exchange.headers();
    String idempotencyKey = asked.idempotencyKey(headers.get(IDEMPOTENCY_KEY));
    String method = exchange.method();
    if (!method.equals("POST") && !method.equals("GET")) {
      throw HttpRefusals.wrongMethod(method);
    }
    asked.expectInput(headers.get(Response.CONTENT_TYPE), !exchange.body().isReadable());
    long delay = Delay.millis(path);
    String limitKey = asked.limitKey(limitKey(headers, path));
    Bytes input = input(path.target(), headers, exchange.body());
    if (delay != Delay.NONE && !send) {
      throw new Refused(Reason.BAD_DELAY, "Expected a delay only on a send, but this is a call");
    }
    long startAt = delay == Delay.NONE ? 0 : requests.startAt(delay);
    NewInvocation invocation = requests.invocation(asked, limitKey, idempotencyKey, input, startAt);
    if (send) {
      Ticket ticket = new Ticket(exchange, Purpose.SEND, registry, startAt, requests);
      requests.ingress().submit(invocation, ticket);
    } else {
      Ticket ticket = new Ticket(exchange, Purpose.CALL, registry, 0, requests);
      ticket.waits(requests.ingress().call(invocation, ticket));
    }
  }

  /** The payload of the input entry. */
  static Bytes input(String target, HttpHeaders headers, ByteBuf body) {
    return InputEncoder.encode(
        target, headers.iteratorCharSequence(), headers.size(), new Buffer(body));
  }

  private record Buffer(ByteBuf buffer) implements InputEncoder.Body {
    @Override
    public int length() {
      return buffer.readableBytes();
    }

    @Override
    public void copyTo(byte[] array, int offset) {
      buffer.getBytes(buffer.readerIndex(), array, offset, buffer.readableBytes());
    }
  }

  private static @Nullable String limitKey(HttpHeaders headers, RequestPath path) {
    String key = headers.get(LIMIT_KEY);
    return key == null && !path.query().isEmpty() ? path.parameter("limit-key") : key;
  }
}
