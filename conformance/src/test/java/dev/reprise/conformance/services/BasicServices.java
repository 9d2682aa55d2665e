package dev.reprise.conformance.services;

import static dev.reprise.conformance.services.Definition.JSON;
import static dev.reprise.conformance.services.Definition.json;
import static dev.reprise.conformance.services.Definition.text;
import static dev.reprise.conformance.services.Definition.to;

import dev.restate.sdk.Context;
import dev.restate.sdk.common.TerminalException;
import dev.restate.sdk.endpoint.definition.ServiceDefinition;
import java.time.Duration;
import tools.jackson.databind.node.NullNode;

/** Requests and answers; a service that is made private; one that differs by edition. */
final class BasicServices {
  private static final Duration MOMENT = Duration.ofMillis(1);

  private BasicServices() {}

  static ServiceDefinition basic(Effects effects) {
    return Definition.service("Basic")
        .<Context>shared("echo", (ctx, in) -> in)
        .<Context>shared("greet", (ctx, in) -> "Hello " + in.asString())
        .<Context>shared("nothing", (ctx, in) -> NullNode.getInstance())
        .<Context>shared("headers", (ctx, in) -> ctx.request().headers())
        .<Context>shared(
            "fail",
            (ctx, in) -> {
              throw new TerminalException(in.required("code").asInt(), text(in, "message"));
            })
        .<Context>shared(
            "note",
            (ctx, in) -> {
              String effect = text(in, "effect");
              ctx.run("note", () -> effects.trace(text(in, "subject"), effect));
              return effect;
            })
        .<Context>shared(
            "brief",
            (ctx, in) ->
                ctx.run("count", JSON, () -> json(effects.trace(text(in, "subject"), "brief"))))
        .with(it -> it.idempotencyRetention(MOMENT).journalRetention(Duration.ZERO))
        .<Context>shared(
            "tell",
            (ctx, subject) -> {
              String who = ctx.request().headers().get("x-conformance");
              ctx.run("tell", () -> effects.trace(subject.asString(), String.valueOf(who)));
              return NullNode.getInstance();
            })
        .<Context>shared("hidden", (ctx, in) -> "seen")
        .with(it -> it.ingressPrivate(true))
        .<Context>shared(
            "callHidden",
            (ctx, in) -> ctx.call(to("Basic", "hidden", NullNode.getInstance())).await())
        .build();
  }

  static ServiceDefinition door() {
    return Definition.service("Door").<Context>shared("knock", (ctx, in) -> "come in").build();
  }

  /** Its deployment is removed. */
  static ServiceDefinition leaver(Effects effects) {
    return Definition.service("Leaver")
        .<Context>shared(
            "span",
            (ctx, in) -> {
              var awakeable = ctx.awakeable(JSON);
              ctx.run("tell", () -> effects.trace(in.asString(), awakeable.id()));
              return awakeable.await();
            })
        .build();
  }

  static ServiceDefinition edition(Effects effects, String edition) {
    return Definition.service("Edition")
        .<Context>shared("which", (ctx, in) -> edition)
        .<Context>shared(
            "span",
            (ctx, in) -> {
              var awakeable = ctx.awakeable(JSON);
              ctx.run("tell", () -> effects.trace(in.asString(), awakeable.id()));
              awakeable.await();
              return edition;
            })
        .<Context>shared(
            "mend",
            (ctx, in) -> {
              ctx.run("begin", () -> effects.trace(in.asString(), "begun"));
              if (edition.equals("broken")) {
                throw new IllegalStateException("broken");
              }
              return "mended by " + edition;
            })
        .with(it -> it.invocationRetryPolicy(StepsService.hasty()))
        .build();
  }
}
