package dev.reprise.conformance.services;

import static dev.reprise.conformance.services.Definition.JSON;

import dev.restate.sdk.Context;
import dev.restate.sdk.endpoint.definition.InvocationRetryPolicy;
import dev.restate.sdk.endpoint.definition.InvocationRetryPolicy.OnMaxAttempts;
import dev.restate.sdk.endpoint.definition.ServiceDefinition;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** Timeouts, retentions and retry policies: of the service, and of handlers that say otherwise. */
final class TimingService {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofMillis(100);
  private static final Duration ABORT = Duration.ofMillis(400);
  private static final int TWICE = 2;
  private static final int LONG_ENOUGH = 600;

  private final Effects effects;

  private TimingService(Effects effects) {
    this.effects = effects;
  }

  static ServiceDefinition timing(Effects effects) {
    TimingService it = new TimingService(effects);
    return Definition.service("Timing")
        .<Context>shared("weak", it::mendedOrBroken)
        .<Context>shared("slow", it::mendedOrBroken)
        .with(handler -> handler.invocationRetryPolicy(slow()))
        .<Context>shared("idle", it::idle)
        .with(handler -> handler.inactivityTimeout(SOON))
        .<Context>shared("stuck", it::stuck)
        .with(
            handler ->
                handler.inactivityTimeout(SOON).abortTimeout(ABORT).invocationRetryPolicy(many()))
        .<Context>shared("unrecorded", (ctx, word) -> word)
        .with(handler -> handler.journalRetention(Duration.ofMillis(1)))
        .build()
        .configure(service -> service.invocationRetryPolicy(hasty()));
  }

  private static InvocationRetryPolicy.Builder slow() {
    return InvocationRetryPolicy.builder().initialInterval(HOUR).maxInterval(HOUR).maxAttempts(10);
  }

  private static InvocationRetryPolicy.Builder many() {
    return InvocationRetryPolicy.builder().initialInterval(Duration.ofMillis(20)).maxAttempts(100);
  }

  private static InvocationRetryPolicy.Builder hasty() {
    return InvocationRetryPolicy.builder()
        .initialInterval(Duration.ofMillis(20))
        .maxAttempts(TWICE)
        .onMaxAttempts(OnMaxAttempts.KILL);
  }

  private Object mendedOrBroken(Context ctx, JsonNode subject) {
    effects.trace(subject.asString(), "attempt");
    if (effects.raised(subject.asString())) {
      return "mended";
    }
    throw new IllegalStateException("broken");
  }

  private Object idle(Context ctx, JsonNode subject) {
    var awakeable = ctx.awakeable(JSON);
    ctx.run("tell", () -> effects.trace(subject.asString(), awakeable.id()));
    return awakeable.await();
  }

  /** Hangs at first, and heeds nothing, until the driver raises the flag. */
  private Object stuck(Context ctx, JsonNode subject) throws InterruptedException {
    int attempt = effects.trace(subject.asString(), "attempt");
    for (int i = 0; attempt == 1 && i < LONG_ENOUGH && !effects.raised(subject.asString()); i++) {
      Thread.sleep(SOON);
    }
    return attempt;
  }
}
