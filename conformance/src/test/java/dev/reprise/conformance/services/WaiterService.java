package dev.reprise.conformance.services;

import static dev.reprise.conformance.services.Definition.JSON;
import static dev.reprise.conformance.services.Definition.text;
import static dev.reprise.conformance.services.Definition.to;

import dev.restate.sdk.Context;
import dev.restate.sdk.common.TerminalException;
import dev.restate.sdk.endpoint.definition.ServiceDefinition;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Waits for what comes from outside: awakeables and cancellation. */
final class WaiterService {
  private final Effects effects;

  private WaiterService(Effects effects) {
    this.effects = effects;
  }

  static ServiceDefinition waiter(Effects effects) {
    WaiterService it = new WaiterService(effects);
    return Definition.service("Waiter")
        .<Context>shared("wait", it::await)
        .<Context>shared("parent", it::parent)
        .<Context>shared(
            "resolve",
            (ctx, in) -> {
              ctx.awakeableHandle(text(in, "id")).resolve(JSON, in.required("value"));
              return NullNode.getInstance();
            })
        .<Context>shared(
            "reject",
            (ctx, in) -> {
              ctx.awakeableHandle(text(in, "id")).reject(text(in, "reason"));
              return NullNode.getInstance();
            })
        .build();
  }

  private Object await(Context ctx, JsonNode subject) {
    var awakeable = ctx.awakeable(JSON);
    return cleaningUp(
        ctx,
        subject,
        () -> {
          ctx.run("tell", () -> effects.trace(subject.asString(), awakeable.id()));
          return awakeable.await();
        });
  }

  private Object parent(Context ctx, JsonNode subject) {
    var child = ctx.call(to("Waiter", "wait", subject.asString() + " child"));
    return cleaningUp(ctx, subject, child::await);
  }

  private Object cleaningUp(Context ctx, JsonNode subject, Supplier<JsonNode> waiting) {
    try {
      return waiting.get();
    } catch (TerminalException e) {
      ctx.run("clean up", () -> effects.trace(subject.asString(), "cleaned up"));
      throw e;
    }
  }
}
