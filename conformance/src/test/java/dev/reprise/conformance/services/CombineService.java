package dev.reprise.conformance.services;

import static dev.reprise.conformance.services.Definition.JSON;
import static dev.reprise.conformance.services.Definition.json;
import static dev.reprise.conformance.services.Definition.to;

import dev.restate.sdk.Context;
import dev.restate.sdk.DurableFuture;
import dev.restate.sdk.Select;
import dev.restate.sdk.common.TerminalException;
import dev.restate.sdk.common.TimeoutException;
import dev.restate.sdk.endpoint.definition.ServiceDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Several things awaited at once. What the SDK has no word for (the first success, all however they
 * end) is told with what it has.
 */
final class CombineService {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final JsonNode FAILURE = json(Map.of("message", "no", "code", 418));

  private final Effects effects;

  private CombineService(Effects effects) {
    this.effects = effects;
  }

  static ServiceDefinition combine(Effects effects) {
    CombineService it = new CombineService(effects);
    return Definition.service("Combine")
        .<Context>shared("all", (ctx, in) -> it.all(ctx))
        .<Context>shared("race", (ctx, in) -> it.race(ctx))
        .<Context>shared("any", (ctx, in) -> it.any(ctx))
        .<Context>shared("settled", (ctx, in) -> it.settled(ctx))
        .<Context>shared("timeout", (ctx, in) -> it.timeout(ctx))
        .<Context>shared("nested", it::nested)
        .build();
  }

  private static DurableFuture<JsonNode> greet(Context ctx) {
    return ctx.call(to("Basic", "greet", "a"));
  }

  private static DurableFuture<JsonNode> slept(Context ctx, Duration duration, String word) {
    return ctx.timer(duration).map(nothing -> json(word));
  }

  private Object all(Context ctx) {
    var greeting = greet(ctx);
    var step = ctx.runAsync("b", JSON, () -> json("b"));
    var sleep = slept(ctx, Duration.ofMillis(20), "slept");
    DurableFuture.all(greeting, step, sleep).await();
    return List.of(greeting.await(), step.await(), sleep.await());
  }

  private Object race(Context ctx) {
    return Select.<JsonNode>select().or(slept(ctx, LONG, "slept")).or(greet(ctx)).await();
  }

  private Object any(Context ctx) {
    List<DurableFuture<JsonNode>> left = new ArrayList<>();
    left.add(ctx.call(to("Basic", "fail", FAILURE)));
    left.add(slept(ctx, SHORT, "slept"));
    while (true) {
      var first = left.remove(DurableFuture.any(List.copyOf(left)).await().intValue());
      try {
        return first.await();
      } catch (TerminalException e) {
        if (left.isEmpty()) {
          throw e;
        }
      }
    }
  }

  private Object settled(Context ctx) {
    var both = List.of(greet(ctx), ctx.call(to("Basic", "fail", FAILURE)));
    var ends =
        both.stream().map(it -> it.map(value -> "fulfilled", failure -> "rejected")).toList();
    DurableFuture.all(List.copyOf(ends)).await();
    return ends.stream().map(DurableFuture::await).toList();
  }

  private Object timeout(Context ctx) {
    try {
      return ctx.awakeable(JSON).await(SHORT);
    } catch (TimeoutException e) {
      return "timed out";
    }
  }

  private Object nested(Context ctx, JsonNode subject) {
    var left = ctx.awakeable(JSON);
    var right = ctx.awakeable(JSON);
    ctx.run("tell left", () -> effects.trace(subject.asString(), "left " + left.id()));
    ctx.run("tell right", () -> effects.trace(subject.asString(), "right " + right.id()));
    var rightInTime = Select.<JsonNode>select().or(right).or(slept(ctx, LONG, "slept"));
    var both =
        DurableFuture.all(left, rightInTime)
            .map(done -> json(left.await().asString() + " and " + rightInTime.await().asString()));
    return Select.<JsonNode>select().or(both).or(slept(ctx, LONG, "too late")).await();
  }
}
