package dev.reprise.conformance.services;

import static dev.reprise.conformance.services.Definition.JSON;
import static dev.reprise.conformance.services.Definition.json;
import static dev.reprise.conformance.services.Definition.text;
import static dev.reprise.conformance.services.Definition.to;

import dev.restate.common.Request;
import dev.restate.common.Target;
import dev.restate.sdk.CallDurableFuture;
import dev.restate.sdk.Context;
import dev.restate.sdk.DurableFuture;
import dev.restate.sdk.InvocationHandle;
import dev.restate.sdk.common.TerminalException;
import dev.restate.sdk.endpoint.definition.ServiceDefinition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** One handler calls another. */
final class CallerService {
  private CallerService() {}

  static ServiceDefinition caller() {
    return Definition.service("Caller")
        .<Context>shared(
            "greet",
            (ctx, in) -> "They said: " + ctx.call(to("Basic", "greet", in)).await().asString())
        .<Context>shared("add", CallerService::add)
        .<Context>shared("fail", CallerService::fail)
        .<Context>shared("send", CallerService::send)
        .<Context>shared("twice", CallerService::twice)
        .<Context>shared("sendTwice", CallerService::sendTwice)
        .<Context>shared("headers", CallerService::headers)
        .<Context>shared("attach", (ctx, id) -> handle(ctx, id.asString()).attach().await())
        .<Context>shared("output", CallerService::output)
        .<Context>shared(
            "cancel",
            (ctx, id) -> {
              handle(ctx, id.asString()).cancel();
              return NullNode.getInstance();
            })
        .<Context>shared("callAndCancel", CallerService::callAndCancel)
        .<Context>shared("chain", CallerService::chain)
        .build();
  }

  private static InvocationHandle<JsonNode> handle(Context ctx, String id) {
    return ctx.invocationHandle(id, JSON);
  }

  private static Object add(Context ctx, JsonNode in) {
    Target store = Target.virtualObject("Store", text(in, "key"), "add");
    return ctx.call(Request.of(store, JSON, JSON, in.required("n")).build()).await();
  }

  private static Object fail(Context ctx, JsonNode how) {
    try {
      return ctx.call(to("Basic", "fail", how)).await();
    } catch (TerminalException e) {
      return Map.of("message", String.valueOf(e.getMessage()), "code", e.getCode());
    }
  }

  private static JsonNode note(JsonNode in, String effect) {
    return json(Map.of("subject", text(in, "subject"), "effect", effect));
  }

  private static Object send(Context ctx, JsonNode in) {
    Request<JsonNode, JsonNode> request = to("Basic", "note", note(in, text(in, "effect")));
    int delay = in.path("delay").asInt(0);
    return (delay == 0 ? ctx.send(request) : ctx.send(request, Duration.ofMillis(delay)))
        .invocationId();
  }

  private static Object twice(Context ctx, JsonNode in) {
    CallDurableFuture<JsonNode> first = ctx.call(keyed(in));
    CallDurableFuture<JsonNode> second = ctx.call(keyed(in));
    DurableFuture.all(first, second).await();
    return List.of(first.invocationId(), second.invocationId());
  }

  private static Request<JsonNode, JsonNode> keyed(JsonNode in) {
    return Request.of(Target.service("Basic", "note"), JSON, JSON, note(in, "noted"))
        .setIdempotencyKey(text(in, "key"))
        .build();
  }

  private static Object sendTwice(Context ctx, JsonNode in) {
    return List.of(ctx.send(said(in)).invocationId(), ctx.send(said(in)).invocationId());
  }

  private static Request<JsonNode, JsonNode> said(JsonNode in) {
    return Request.of(Target.service("Basic", "tell"), JSON, JSON, in.required("subject"))
        .setIdempotencyKey(text(in, "key"))
        .header("x-conformance", "yes")
        .build();
  }

  private static Object headers(Context ctx, JsonNode in) {
    Request<JsonNode, JsonNode> request =
        Request.of(Target.service("Basic", "headers"), JSON, JSON, in)
            .header("x-conformance", "yes")
            .build();
    return ctx.call(request).await().path("x-conformance");
  }

  private static Object output(Context ctx, JsonNode id) {
    var output = handle(ctx, id.asString()).getOutput();
    Map<String, Object> seen = new HashMap<>();
    seen.put("ready", output.isReady());
    seen.put("value", output.isReady() ? output.getValue() : NullNode.getInstance());
    return seen;
  }

  private static Object callAndCancel(Context ctx, JsonNode subject) {
    CallDurableFuture<JsonNode> call = ctx.call(to("Waiter", "wait", subject));
    call.cancel();
    try {
      return call.await();
    } catch (TerminalException e) {
      return e.getCode();
    }
  }

  private static Object chain(Context ctx, JsonNode depth) {
    int left = depth.asInt();
    return left == 0 ? 0 : 1 + ctx.call(to("Caller", "chain", left - 1)).await().asInt();
  }
}
