package dev.reprise.bench.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Which exchange serves which path. The event loop's thread. */
final class Routes {
  private static final String INVOCATION = "application/vnd.restate.invocation.v";

  /** What a request gets: a head, and an exchange that writes the body. */
  record Route(Head head, Opener opener) {}

  /** Opens the exchange of one request. */
  interface Opener {
    Exchange open(Exchange.Reply reply);
  }

  private final Map<String, Opener> invocations = new HashMap<>();
  private final Map<String, Head> invocationHeads = new HashMap<>();
  private final Map<String, Route> others = new HashMap<>();
  private final Route notFound = new Route(Head.NOT_FOUND, text(() -> "{}"));

  Routes(Shared shared) {
    for (int version = Manifest.MIN_PROTOCOL; version <= Manifest.MAX_PROTOCOL; version++) {
      invocationHeads.put(INVOCATION + version, Head.ok(INVOCATION + version));
    }
    for (Mode mode : Mode.values()) {
      for (Handler handler : Handler.values()) {
        String service = mode.serviceName(handler.service());
        String path = mode.basePath() + "/invoke/" + service + "/" + handler.handlerName();
        invocations.put(path, reply -> new Attempt(handler, mode, shared, reply));
      }
      Head head = Head.ok(Manifest.CONTENT_TYPE);
      String manifest = Manifest.of(mode);
      others.put(mode.basePath() + "/discover", new Route(head, text(() -> manifest)));
      json(mode.basePath() + "/health", () -> "{}");
    }
    json("/ctl/stats", shared::toJson);
    json("/ctl/reset", () -> done(shared::reset));
    json("/ctl/hold", () -> done(shared.sink()::hold));
    json("/ctl/release", () -> done(shared.sink()::release));
  }

  /** The route of a request; never none. */
  Route find(CharSequence path, CharSequence contentType) {
    Opener invocation = invocations.get(path.toString());
    if (invocation != null) {
      Head head = invocationHeads.get(contentType.toString());
      return head == null ? notFound : new Route(head, invocation);
    }
    return others.getOrDefault(path.toString(), notFound);
  }

  private void json(String path, Supplier<String> body) {
    others.put(path, new Route(Head.ok("application/json"), text(body)));
  }

  private static String done(Runnable control) {
    control.run();
    return "{}";
  }

  /** Answers with a text when the request ended. */
  private static Opener text(Supplier<String> body) {
    return reply ->
        new Exchange() {
          @Override
          public void data(ByteBuf data) {}

          @Override
          public void requestEnded() {
            reply.body(Unpooled.wrappedBuffer(body.get().getBytes(UTF_8)), true);
          }

          @Override
          public void gone() {}
        };
  }
}
