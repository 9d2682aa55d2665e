package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.error;
import static dev.reprise.server.invoker.ScriptedHandler.sleep;
import static dev.reprise.server.invoker.ScriptedHandler.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Invocations that people stop, hurry or end while the invoker has them. */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class PauseTest {
  /** Waits an hour before it tries again. */
  private static InvokerOptions patient() {
    ServiceOptions slow =
        new ServiceOptions(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Duration.ofHours(1),
            Duration.ofHours(1),
            null,
            null,
            null);
    return InvokerOptions.DEFAULTS.withServiceDefaults(slow.over(ServiceOptions.DEFAULTS));
  }

  @Test
  void anAttemptIsAskedToLeaveWhenItsInvocationIsToPause() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          handler.say(sleep(1, Long.MAX_VALUE));
          handler.awaitEnd();
          handler.finish(suspension(1));
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "");
      world.invoke(invocation);
      InvokerWorld.await("it sleeps", () -> world.counters().frames() == 1);
      world.host().pause(invocation.id());
      InvokerWorld.await("it leaves", () -> world.counters().running() == 0);
      // Where it suspends the rules make a pause of it.
      assertThat(world.host().proposals().getLast().statements())
          .hasExactlyElementsOfTypes(Statement.Suspended.class);
      assertThat(world.activity(invocation.id())).isNull();
    }
  }

  @Test
  void anAttemptThatFailsIsNotFollowedByAnotherWhenItsInvocationIsToPause() throws Exception {
    CompletableFuture<Void> go = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          go.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
          handler.finish(error(500, "oh no"));
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "");
      world.invoke(invocation);
      InvokerWorld.await("it runs", () -> endpoint.exchanges() == 1);
      world.host().pause(invocation.id());
      go.complete(null);
      InvokerWorld.await("paused", () -> !world.host().pauses().isEmpty());
      assertThat(world.host().pauses()).containsExactly("paused by request; before: RT0007: oh no");
      assertThat(endpoint.exchanges()).isEqualTo(1);
    }
  }

  @Test
  void whatBacksOffPausesAtOnce() throws Exception {
    try (ScriptedEndpoint endpoint =
            new ScriptedEndpoint(
                peer -> new ScriptedHandler(peer).begin().finish(error(500, "oh no")));
        InvokerWorld world = new InvokerWorld(patient()).serving(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "");
      world.invoke(invocation);
      InvokerWorld.await("backing off", () -> world.counters().backingOff() == 1);
      world.host().pause(invocation.id());
      InvokerWorld.await("paused", () -> !world.host().pauses().isEmpty());
      assertThat(world.counters().backingOff()).isZero();
      InvokerWorld.await("forgotten", () -> world.activity(invocation.id()) == null);
    }
  }

  @Test
  void whatWaitsForAPlacePausesAtOnce() throws Exception {
    try (ScriptedEndpoint endpoint =
            new ScriptedEndpoint(
                peer -> {
                  new ScriptedHandler(peer).begin();
                  peer.awaitOver();
                });
        InvokerWorld world = new InvokerWorld(patient().withAttempts(1, 10)).serving(endpoint)) {
      NewInvocation first = world.invocation("Svc", "go", "", "");
      NewInvocation second = world.invocation("Svc", "go", "", "");
      world.invoke(first);
      world.invoke(second);
      InvokerWorld.await("one waits", () -> world.counters().ready() == 1);
      InvokerWorld.await("the other runs", () -> endpoint.exchanges() == 1);
      world.host().pause(second.id());
      InvokerWorld.await("paused", () -> !world.host().pauses().isEmpty());
      world.host().abort(first.id(), 0);
      InvokerWorld.await("nobody waits", () -> world.counters().ready() == 0);
      assertThat(endpoint.exchanges()).isEqualTo(1);
      assertThat(world.memory().used()).isZero();
    }
  }

  @Test
  void whatBacksOffGoesOnAtOnceWhenItIsHurried() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          if (peer.number() == 1) {
            new ScriptedHandler(peer).begin().finish(error(500, "oh no"));
          } else {
            AttemptTest.echo(peer);
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld(patient()).serving(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "at once");
      CompletableFuture<Outcome> outcome = world.invoke(invocation);
      InvokerWorld.await("backing off", () -> world.counters().backingOff() == 1);
      world.host().hurry(invocation.id());
      assertThat(InvokerWorld.text(outcome)).isEqualTo("at once");
    }
  }

  @Test
  void anAbortResetsTheStreamOfThatLifeOnly() throws Exception {
    CompletableFuture<Boolean> reset = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          new ScriptedHandler(peer).begin().say(sleep(1, Long.MAX_VALUE));
          reset.complete(peer.awaitOver());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "");
      world.invoke(invocation);
      InvokerWorld.await("it sleeps", () -> world.counters().frames() == 1);
      world.host().abort(invocation.id(), 1);
      assertThat(world.activity(invocation.id())).isNotNull();
      world.host().abort(invocation.id(), 0);
      assertThat(reset.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(world.activity(invocation.id())).isNull();
      assertThat(world.counters().running()).isZero();
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
      assertThat(world.counters().failures()).isEmpty();
    }
  }
}
