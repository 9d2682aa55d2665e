package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.chaos.rig.Effects;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.http.ServingEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What waits holds nothing, survives everything, and wakes in time. */
@Timeout(60)
class WaitingTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Clocks of two processes on one machine, rounded to whole milliseconds. */
  private static final long ROUNDING_MILLIS = 2;

  @RegisterExtension final Storm storm = new Storm();

  /** Sleeps as long as it is told, and is suspended soon. */
  @Service("sleeper")
  @Options(
      inactivityTimeout = "PT0.2S",
      retry = @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.2S"))
  static class Sleeper {
    private final Effects effects;

    Sleeper(Effects effects) {
      this.effects = effects;
    }

    record Nap(String subject, long millis) {}

    @Handler
    public String sleep(Context ctx, Nap nap) {
      ctx.run("lie down", () -> effects.add(nap.subject(), "lie down"));
      ctx.sleep(Duration.ofMillis(nap.millis()));
      ctx.run("get up", () -> effects.add(nap.subject(), "get up"));
      return "rested";
    }

    @Handler
    public void note(Context ctx, String subject) {
      ctx.run("note", () -> effects.add(subject, Long.toString(System.currentTimeMillis())));
    }
  }

  @Test
  void aHandlerThatSleepsAnHourHoldsNothingAndIsThereAfterAKill() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    ServingEndpoint endpoint = storm.serve(new Sleeper(effects));
    server.admin().register(endpoint.uri());

    String hour = send(server, "sleeper/sleep/send", nap("hour", Duration.ofHours(1)));

    suspendedAndHoldsNothing(server, hour);
    endpoint.close();
    server.kill();
    server.restart();
    suspendedAndHoldsNothing(server, hour);
    // Nobody has looked for the endpoint, which is gone.
    assertThat(server.admin().metric("reprise_invoker_attempts")).isZero();
    assertThat(server.ingress().output(hour).status()).isEqualTo(470);
    assertThat(effects.on("hour")).containsExactly("lie down");
  }

  @Test
  void aSleepThatEndsWhileTheServerIsDeadEndsAfterItsRestart() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new Sleeper(effects)).uri());

    String short1 = send(server, "sleeper/sleep/send", nap("short", Duration.ofMillis(1_500)));
    eventually(
        SOON, () -> assertThat(server.admin().status("sleeper", short1)).isEqualTo("suspended"));
    Instant beforeKill = Instant.now();
    server.kill();
    assertThat(effects.on("short")).containsExactly("lie down");
    server.restart();

    assertThat(server.ingress().attach(short1).expectText()).isEqualTo("\"rested\"");
    assertThat(effects.on("short")).containsExactly("lie down", "get up");
    storm.say("woke %d ms after the kill", beforeKill.until(Instant.now(), ChronoUnit.MILLIS));
  }

  @Test
  void aSendDelayedByNinetyDaysSaysWhenAndStaysScheduledOverAKill() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new Sleeper(effects)).uri());

    Instant before = Instant.now();
    JsonNode accepted =
        server.ingress().to("sleeper/note/send?delay=90d").post("\"later\"").expectAccepted();
    Instant due = Instant.parse(accepted.get("executionTime").asString());
    String id = accepted.get("invocationId").asString();

    assertThat(due)
        .isBetween(
            before.plus(90, ChronoUnit.DAYS).minusMillis(ROUNDING_MILLIS),
            Instant.now().plus(90, ChronoUnit.DAYS));
    staysScheduled(server, id, due);
    server.kill();
    server.restart();
    staysScheduled(server, id, due);
    assertThat(effects.on("later")).isEmpty();
  }

  @Test
  void aSendDelayedByFiveSecondsSurvivesAKillAndRunsOnceAndNotBeforeItsTime() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new Sleeper(effects)).uri());

    JsonNode accepted =
        server.ingress().to("sleeper/note/send?delay=5s").post("\"five\"").expectAccepted();
    server.kill();
    server.restart();

    String id = accepted.get("invocationId").asString();
    server.ingress().attach(id).expectStatus(200);
    long due = Instant.parse(accepted.get("executionTime").asString()).toEpochMilli();
    assertThat(effects.on("five")).hasSize(1);
    long late = Long.parseLong(effects.on("five").getFirst()) - due;
    assertThat(late).isBetween(-ROUNDING_MILLIS, 10_000L);
    storm.say("a send delayed by 5 s ran %d ms after it was due", late);
  }

  private static void suspendedAndHoldsNothing(ServerProcess server, String id) {
    eventually(SOON, () -> assertThat(server.admin().status("sleeper", id)).isEqualTo("suspended"));
    eventually(
        SOON, () -> assertThat(server.admin().metric("reprise_invoker_running_attempts")).isZero());
    eventually(SOON, () -> assertThat(server.admin().metric("reprise_endpoint_streams")).isZero());
  }

  private static void staysScheduled(ServerProcess server, String id, Instant due)
      throws IOException {
    IngressClient client = server.ingress();
    assertThat(client.output(id).status()).isEqualTo(470);
    assertThatThrownBy(() -> client.to("restate/attach/" + id).within(Duration.ofMillis(500)).get())
        .as("attaching waits")
        .isInstanceOf(IOException.class);
    assertThat(server.admin().open("sleeper"))
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getId()).isEqualTo(id);
              assertThat(it.getStatus()).isEqualTo("scheduled");
              assertThat(it.getScheduledAtMillis()).isEqualTo(due.toEpochMilli());
            });
  }

  private static String send(ServerProcess server, String path, String json) throws IOException {
    return server.ingress().to(path).post(json).expectAccepted().get("invocationId").asString();
  }

  private static String nap(String subject, Duration duration) {
    return "{\"subject\":\"%s\",\"millis\":%d}".formatted(subject, duration.toMillis());
  }
}
