package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.call;
import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A node that leads a partition, and has missed what was registered, catches up before an attempt
 * that needed it is one of those that the retry policy counts.
 */
@Timeout(60)
class MissedNameTest {
  /** One attempt, and it is over. */
  private static final InvokerOptions ONE_ATTEMPT =
      InvokerOptions.DEFAULTS.withServiceDefaults(
          new ServiceOptions(
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  Duration.ofMillis(5),
                  Duration.ofMillis(20),
                  2.0,
                  1,
                  OnMaxAttempts.KILL)
              .over(ServiceOptions.DEFAULTS));

  @Test
  void anInvocationFindsItsDeployment() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptTest::echo);
        InvokerWorld world = InvokerWorld.amongOthers(ONE_ATTEMPT).serving(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "hello");
      world.missEverything();

      assertThat(InvokerWorld.text(world.invoke(invocation))).isEqualTo("hello");
    }
  }

  @Test
  void aCallFindsItsCallee() throws Exception {
    CompletableFuture<InvokerWorld> there = new CompletableFuture<>();
    AtomicInteger attempts = new AtomicInteger();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          if (attempts.incrementAndGet() == 1) {
            there.join().missEverything();
          }
          handler.say(call("Svc", "help", "", "", 1), output("called"), end());
          peer.awaitOver();
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = InvokerWorld.amongOthers(ONE_ATTEMPT).serving(endpoint)) {
      there.complete(world);

      assertThat(world.call("")).isEqualTo("called");
      assertThat(attempts.get()).isGreaterThan(1);
    }
  }

  @Test
  void whatIsRegisteredNowhereIsCountedAsEver() throws Exception {
    try (ScriptedEndpoint endpoint =
            new ScriptedEndpoint(AttemptFailureTest.saying(call("Nobody", "go", "", "", 1)));
        InvokerWorld world = InvokerWorld.amongOthers(ONE_ATTEMPT).serving(endpoint)) {
      world.missEverything();
      world.serving(endpoint);

      Outcome outcome =
          world.invoke("Svc", "go", "", "").get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);

      assertThat(outcome).isInstanceOf(Outcome.Failure.class);
      assertThat(endpoint.exchanges()).isEqualTo(2);
    }
  }
}
