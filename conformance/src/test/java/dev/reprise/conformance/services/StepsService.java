package dev.reprise.conformance.services;

import static dev.reprise.conformance.services.Definition.JSON;
import static dev.reprise.conformance.services.Definition.json;
import static dev.reprise.conformance.services.Definition.text;

import dev.restate.sdk.Context;
import dev.restate.sdk.common.RetryPolicy;
import dev.restate.sdk.common.TerminalException;
import dev.restate.sdk.endpoint.definition.InvocationRetryPolicy;
import dev.restate.sdk.endpoint.definition.InvocationRetryPolicy.OnMaxAttempts;
import dev.restate.sdk.endpoint.definition.ServiceDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Steps, chance, sleep and retries. */
final class StepsService {
  private static final int ATTEMPTS = 3;

  private final Effects effects;

  private StepsService(Effects effects) {
    this.effects = effects;
  }

  static ServiceDefinition steps(Effects effects) {
    StepsService it = new StepsService(effects);
    return Definition.service("Steps")
        .<Context>shared("once", it::once)
        .<Context>shared("stumble", it::stumble)
        .with(handler -> handler.invocationRetryPolicy(hasty()))
        .<Context>shared("retries", it::retries)
        .<Context>shared("terminal", it::terminal)
        .<Context>shared("draw", it::draw)
        .with(handler -> handler.invocationRetryPolicy(hasty()))
        .<Context>shared("nap", it::nap)
        .<Context>shared("pausing", it::mendedOrBroken)
        .with(handler -> handler.invocationRetryPolicy(ending(OnMaxAttempts.PAUSE)))
        .<Context>shared("dying", it::mendedOrBroken)
        .with(handler -> handler.invocationRetryPolicy(ending(OnMaxAttempts.KILL)))
        .<Context>shared("patient", it::mendedOrBroken)
        .with(handler -> handler.invocationRetryPolicy(hasty()))
        .build();
  }

  private static InvocationRetryPolicy.Builder hasty() {
    return InvocationRetryPolicy.builder()
        .initialInterval(Duration.ofMillis(20))
        .exponentiationFactor(1.5)
        .maxInterval(Duration.ofMillis(200));
  }

  private static InvocationRetryPolicy.Builder ending(OnMaxAttempts how) {
    return hasty().maxAttempts(ATTEMPTS).onMaxAttempts(how);
  }

  private Object once(Context ctx, JsonNode subject) {
    List<JsonNode> results = new ArrayList<>();
    for (String step : List.of("one", "two", "three")) {
      results.add(ctx.run(step, JSON, () -> json(effects.trace(subject.asString(), step))));
    }
    return results;
  }

  private Object stumble(Context ctx, JsonNode subject) {
    int attempt = effects.trace(subject.asString(), "attempt");
    for (int i = 1; i <= 3; i++) {
      String step = "step " + i;
      ctx.run(step, () -> effects.trace(subject.asString(), step));
      if (attempt == i) {
        throw new IllegalStateException("stumbled after " + step);
      }
    }
    return "arrived";
  }

  private Object retries(Context ctx, JsonNode in) {
    RetryPolicy policy =
        RetryPolicy.exponential(Duration.ofMillis(20), 1)
            .setMaxAttempts(in.required("attempts").asInt());
    return ctx.run(
        "try",
        JSON,
        policy,
        () -> {
          int count = effects.trace(text(in, "subject"), "try");
          if (count <= in.required("failures").asInt()) {
            throw new IllegalStateException("failed " + count + " times");
          }
          return json(count);
        });
  }

  private Object terminal(Context ctx, JsonNode in) {
    try {
      ctx.run(
          "refuse",
          () -> {
            throw new TerminalException(in.required("code").asInt(), text(in, "message"));
          });
      return NullNode.getInstance();
    } catch (TerminalException e) {
      return Map.of("message", String.valueOf(e.getMessage()), "code", e.getCode());
    }
  }

  private Object draw(Context ctx, JsonNode subject) {
    String drawn = ctx.random().nextUUID() + " " + ctx.random().nextDouble();
    effects.trace(subject.asString(), drawn);
    ctx.sleep(Duration.ofMillis(50));
    if (effects.trace(subject.asString(), "attempt") == 1) {
      throw new IllegalStateException("once more");
    }
    return drawn;
  }

  private Object nap(Context ctx, JsonNode millis) {
    ctx.sleep(Duration.ofMillis(millis.asInt()));
    return "rested";
  }

  private Object mendedOrBroken(Context ctx, JsonNode subject) {
    effects.trace(subject.asString(), "attempt");
    if (effects.raised(subject.asString())) {
      return "mended";
    }
    throw new IllegalStateException("broken");
  }
}
