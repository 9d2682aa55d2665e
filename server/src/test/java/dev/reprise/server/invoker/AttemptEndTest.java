package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static dev.reprise.server.invoker.ScriptedHandler.proposal;
import static dev.reprise.server.invoker.ScriptedHandler.run;
import static dev.reprise.server.invoker.ScriptedHandler.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is left of attempts when they, their invocation or the epoch are over: nothing. */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class AttemptEndTest {
  @Test
  void aClosedInvokerLeavesNothingBehind() throws Exception {
    try (ScriptedEndpoint endpoint =
            new ScriptedEndpoint(
                peer -> {
                  new ScriptedHandler(peer).begin().say(run(1), proposal(1, "x"));
                  peer.awaitOver();
                });
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      world.host().answering(false);
      for (int i = 0; i < 20; i++) {
        world.invoke("Svc", "go", "", "");
      }
      InvokerWorld.await("all said", () -> world.host().proposals().size() == 20);
      world.onLoop(
          () -> {
            world.invoker().close();
            return true;
          });
      assertThat(world.memory().used()).isZero();
      assertThat(world.counters().running()).isZero();
      assertThat(world.counters().ready()).isZero();
      world.host().answering(true);
      assertThat(world.onLoop(() -> world.memory().used())).isZero();
    }
  }

  @Test
  void aResponseThatDoesNotEndIsResetAfterAWhile() throws Exception {
    CompletableFuture<Boolean> reset = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          new ScriptedHandler(peer).begin().say(output("x"), end());
          reset.complete(peer.awaitOver());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world =
            new InvokerWorld(InvokerWorld.draining(Duration.ofMillis(50))).serving(endpoint)) {
      assertThat(world.call("")).isEqualTo("x");
      assertThat(reset.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(world.counters().failures()).isEmpty();
    }
  }

  @Test
  void anAttemptWhoseInvocationIsGoneIsReset() throws Exception {
    CompletableFuture<Void> go = new CompletableFuture<>();
    CompletableFuture<Boolean> reset = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          go.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
          handler.say(sleep(1, 0));
          reset.complete(peer.awaitOver());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "");
      CompletableFuture<Outcome> outcome = world.invoke(invocation);
      InvokerWorld.await("it runs", () -> endpoint.exchanges() == 1);
      world.host().kill(invocation.id());
      assertThat(InvokerWorld.text(outcome)).isEqualTo("409 killed");
      go.complete(null);
      assertThat(reset.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
      InvokerWorld.await("forgotten", () -> world.counters().running() == 0);
      assertThat(world.activity(invocation.id())).isNull();
    }
  }
}
