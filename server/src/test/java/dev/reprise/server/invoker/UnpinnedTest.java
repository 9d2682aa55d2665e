package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.error;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static dev.reprise.server.invoker.ScriptedHandler.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who removes a deployment has to know which attempts may still pin something to it. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class UnpinnedTest {
  private final CompletableFuture<Void> go = new CompletableFuture<>();

  private void await() throws Exception {
    go.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void anAttemptThatHasSaidNothingYetMayPin() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          await();
          handler.say(run(1));
          peer.awaitOver();
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "");
      world.invoke(invocation);
      InvokerWorld.await("it runs", () -> endpoint.exchanges() == 1);
      assertThat(world.mayPin("dp_1")).isEqualTo(1);
      assertThat(world.mayPin("dp_2")).isZero();

      go.complete(null);

      InvokerWorld.await("pinned", () -> world.mayPin("dp_1") == 0);
      assertThat(world.host().proposals()).isNotEmpty();
      world.host().abort(invocation.id(), 0);
    }
  }

  @Test
  void whatFailsEndsOrIsAbortedPinsNothingMore() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          switch (peer.number()) {
            case 1 -> handler.finish(error(500, "oh no"));
            case 2 -> {
              handler.say(output("done"), end());
              handler.awaitEnd();
              peer.end();
            }
            default -> peer.awaitOver();
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      CompletableFuture<Outcome> outcome = world.invoke("Svc", "go", "", "");
      assertThat(InvokerWorld.text(outcome)).isEqualTo("done");
      assertThat(endpoint.exchanges()).isEqualTo(2);
      InvokerWorld.await("ended", () -> world.mayPin("dp_1") == 0);

      NewInvocation invocation = world.invocation("Svc", "go", "", "");
      world.invoke(invocation);
      InvokerWorld.await("it runs", () -> endpoint.exchanges() == 3);
      assertThat(world.mayPin("dp_1")).isEqualTo(1);
      world.host().abort(invocation.id(), 0);
      InvokerWorld.await("aborted", () -> world.mayPin("dp_1") == 0);
    }
  }
}
