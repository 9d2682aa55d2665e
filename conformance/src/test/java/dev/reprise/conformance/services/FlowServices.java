package dev.reprise.conformance.services;

import static dev.reprise.conformance.services.Definition.JSON;
import static dev.reprise.conformance.services.Definition.json;
import static dev.reprise.conformance.services.Definition.text;

import dev.restate.common.Request;
import dev.restate.common.Target;
import dev.restate.sdk.Context;
import dev.restate.sdk.SharedWorkflowContext;
import dev.restate.sdk.WorkflowContext;
import dev.restate.sdk.common.DurablePromiseKey;
import dev.restate.sdk.common.StateKey;
import dev.restate.sdk.common.TerminalException;
import dev.restate.sdk.endpoint.definition.ServiceDefinition;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** A workflow that waits for a promise which shared handlers complete; and who starts it. */
final class FlowServices {
  private static final DurablePromiseKey<JsonNode> GO = DurablePromiseKey.of("go", JSON);
  private static final StateKey<JsonNode> STATUS = StateKey.of("status", JSON);

  private FlowServices() {}

  static ServiceDefinition flow(Effects effects) {
    return Definition.workflow("Flow")
        .<WorkflowContext>run(
            (ctx, subject) -> {
              ctx.run("tell", () -> effects.trace(subject.asString(), "run"));
              ctx.set(STATUS, json("waiting"));
              JsonNode value = ctx.promise(GO).future().await();
              ctx.set(STATUS, json("done"));
              return "got " + value.asString();
            })
        .<SharedWorkflowContext>shared(
            "status", (ctx, in) -> ctx.get(STATUS).orElse(NullNode.getInstance()))
        .<SharedWorkflowContext>shared("peek", FlowServices::peek)
        .<SharedWorkflowContext>shared("await", (ctx, in) -> ctx.promise(GO).future().await())
        .<SharedWorkflowContext>shared(
            "resolve", (ctx, value) -> refusedOr(() -> ctx.promiseHandle(GO).resolve(value)))
        .<SharedWorkflowContext>shared(
            "reject",
            (ctx, reason) -> refusedOr(() -> ctx.promiseHandle(GO).reject(reason.asString())))
        .build();
  }

  private static Object peek(SharedWorkflowContext ctx, JsonNode in) {
    var output = ctx.promise(GO).peek();
    return output.isReady() ? output.getValue() : NullNode.getInstance();
  }

  private static Object refusedOr(Runnable completion) {
    try {
      completion.run();
      return "done";
    } catch (TerminalException e) {
      return "refused with " + e.getCode();
    }
  }

  /** Its outcome, state and promises are forgotten at once. */
  static ServiceDefinition briefFlow(Effects effects) {
    return Definition.workflow("BriefFlow")
        .<WorkflowContext>run(
            (ctx, subject) ->
                ctx.run("count", JSON, () -> json(effects.trace(subject.asString(), "run"))))
        .with(it -> it.workflowRetention(Duration.ofMillis(1)).journalRetention(Duration.ZERO))
        .build();
  }

  static ServiceDefinition starter() {
    return Definition.service("Starter").<Context>shared("start", FlowServices::start).build();
  }

  private static Object start(Context ctx, JsonNode in) {
    String key = text(in, "key");
    var run = ctx.call(to(key, "run", in.required("subject")));
    ctx.send(to(key, "resolve", json("from the starter")));
    return run.await();
  }

  private static Request<JsonNode, JsonNode> to(String key, String handler, JsonNode input) {
    return Request.of(Target.workflow("Flow", key, handler), JSON, JSON, input).build();
  }
}
