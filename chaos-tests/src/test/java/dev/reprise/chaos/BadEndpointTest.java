package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.FickleEndpoint;
import dev.reprise.chaos.rig.FickleEndpoint.Fault;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.http.ServingEndpoint;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An endpoint that misbehaves delays its own calls and nobody else's; when it behaves again, they
 * complete.
 */
@Timeout(240)
class BadEndpointTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int HEALTHY_CALLS = 20;

  @RegisterExtension final Storm storm = new Storm();

  /** Lives where the fickle endpoint will live. */
  @Service("victim")
  @Options(
      inactivityTimeout = "PT0.3S",
      abortTimeout = "PT0.3S",
      retry = @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT1S"))
  static class Victim {
    @Handler
    public String greet(String name) {
      return "Hello " + name;
    }
  }

  @Test
  void whateverAnEndpointDoesItsCallsStayOpenAndAllOthersAreServed() throws Exception {
    SplittableRandom random = storm.random();
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new StormServices.Echo()).uri());
    ServingEndpoint good = storm.serve(new Victim());
    server.admin().register(good.uri());
    IngressClient client = server.ingress();
    Map<Fault, Integer> asked = new EnumMap<>(Fault.class);

    for (Fault fault : Fault.values()) {
      good.close();
      CompletableFuture<Answer> call;
      try (FickleEndpoint fickle = new FickleEndpoint(good.port(), fault, random)) {
        call = client.to("victim/greet").within(Duration.ofMinutes(2)).postAsync("\"Ada\"");
        // A second attempt shows that the first one's end was noticed; silence takes its time.
        int attempts = fault == Fault.ACCEPTS_AND_SAYS_NOTHING ? 1 : 2;
        eventually(
            SOON,
            () -> assertThat(fickle.asked()).as("%s", fault).isGreaterThanOrEqualTo(attempts));
        for (int i = 0; i < HEALTHY_CALLS; i++) {
          assertThat(client.to("echo/echo").post("\"x\"").expectText()).isEqualTo("\"x\"");
        }
        assertThat(call).as("%s", fault).isNotDone();
        asked.put(fault, fickle.asked());
      }
      good = storm.serveAt(good.port(), new Victim());
      eventually(
          SOON, () -> assertThat(call).as("%s: %s", fault, server.admin().open("victim")).isDone());
      assertThat(call.get().expectText()).as("%s", fault).isEqualTo("\"Hello Ada\"");
    }
    assertThat(server.isAlive()).isTrue();
    storm.say("attempts at each fault: %s", asked);
  }

  @Test
  void anEndpointThatRefusesKeepsItsCallsOpen() throws Exception {
    ServerProcess server = storm.server();
    ServingEndpoint good = storm.serve(new Victim());
    server.admin().register(good.uri());
    good.close();

    CompletableFuture<Answer> call = server.ingress().to("victim/greet").postAsync("\"Ada\"");
    eventually(
        SOON, () -> assertThat(server.admin().metric("reprise_invoker_attempts")).isGreaterThan(1));
    assertThat(call).isNotDone();
    storm.serveAt(good.port(), new Victim());

    assertThat(call.get(30, TimeUnit.SECONDS).expectText()).isEqualTo("\"Hello Ada\"");
  }
}
