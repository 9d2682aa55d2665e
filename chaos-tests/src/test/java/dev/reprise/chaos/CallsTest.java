package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.Effects;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.JavaProcess;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.ServiceProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.http.ServingEndpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls between handlers, and between processes that come and go. */
@Timeout(60)
class CallsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension final Storm storm = new Storm();

  /** Calls the callee; in its first life it then waits for its end. */
  @Service("caller")
  @Options(
      inactivityTimeout = "PT0.2S",
      retry = @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.2S"))
  static class Caller {
    private final Effects effects;
    private final int life;

    Caller(Effects effects, int life) {
      this.effects = effects;
      this.life = life;
    }

    @Handler
    public String call(Context ctx, String subject) throws InterruptedException {
      String answer = ctx.call(Target.service("callee", "work"), subject, String.class);
      if (life == 1) {
        effects.add(subject, "called");
        new CountDownLatch(1).await();
      }
      return answer;
    }
  }

  /** Works once per invocation, and says so outside. */
  @Service("callee")
  @Options(retry = @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT1S"))
  static class Callee {
    private final Effects effects;

    Callee(Effects effects) {
      this.effects = effects;
    }

    @Handler
    public String work(Context ctx, String subject) {
      effects.add(subject, "worked");
      return ctx.run("fresh", String.class, () -> UUID.randomUUID().toString());
    }
  }

  @Test
  void aCallerKilledAfterItsCalleeEndedDoesNotCallAgain() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new Callee(effects)).uri());
    ServiceProcess caller = storm.process(effects, Caller.class);
    server.admin().register(caller.uri());

    CompletableFuture<Answer> call = server.ingress().to("caller/call").postAsync("\"k\"");
    eventually(SOON, () -> assertThat(effects.on("k")).contains("called"));
    caller.kill();
    caller.restart();

    assertThat(call.get(20, TimeUnit.SECONDS).expectText()).isNotEmpty();
    assertThat(effects.on("k")).containsExactly("worked", "called");
  }

  @Test
  void aCallerWhoseCalleeIsDownIsSuspendedHoldsNothingAndCompletesLater() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    ServingEndpoint callee = storm.serve(new Callee(effects));
    server.admin().register(callee.uri());
    server.admin().register(storm.serve(new Caller(effects, 2)).uri());
    callee.close();

    CompletableFuture<Answer> call = server.ingress().to("caller/call").postAsync("\"down\"");
    eventually(
        SOON,
        () ->
            assertThat(server.admin().open("caller"))
                .singleElement()
                .satisfies(it -> assertThat(it.getStatus()).isEqualTo("suspended")));
    // The callee is tried now and then; between two tries nobody holds anything.
    eventually(
        SOON, () -> assertThat(server.admin().metric("reprise_invoker_running_attempts")).isZero());
    assertThat(call).isNotDone();

    storm.serveAt(callee.port(), new Callee(effects));

    assertThat(call.get(20, TimeUnit.SECONDS).expectText()).isNotEmpty();
    assertThat(effects.on("down")).containsExactly("worked");
  }

  @Test
  void callsAtOnceWithOneIdempotencyKeyAreOneRunWithOneAnswer() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new Callee(effects)).uri());
    IngressClient client = server.ingress();

    List<CompletableFuture<Answer>> calls =
        List.of(
            client.to("callee/work").idempotencyKey("one").postAsync("\"same\""),
            client.to("callee/work").idempotencyKey("one").postAsync("\"same\""));
    Answer first = calls.get(0).get(20, TimeUnit.SECONDS);
    Answer second = calls.get(1).get(20, TimeUnit.SECONDS);

    assertThat(second.expectText()).isEqualTo(first.expectText());
    assertThat(second.invocationId()).isEqualTo(first.invocationId());
    assertThat(effects.on("same")).containsExactly("worked");
    var send = client.to("callee/work/send").idempotencyKey("one").post("\"same\"");
    assertThat(send.expectAccepted().get("status").asString()).isEqualTo("PreviouslyAccepted");
    assertThat(send.json().get("invocationId").asString()).isEqualTo(first.invocationId());
    assertThat(effects.on("same")).containsExactly("worked");
  }

  @Test
  void sendsAtOnceWithOneIdempotencyKeyAreAcceptedOnce() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new Callee(effects)).uri());
    IngressClient client = server.ingress();

    var one = client.to("callee/work/send").idempotencyKey("send").postAsync("\"twice\"");
    var two = client.to("callee/work/send").idempotencyKey("send").postAsync("\"twice\"");

    var statuses =
        List.of(
            one.get(20, TimeUnit.SECONDS).expectAccepted().get("status").asString(),
            two.get(20, TimeUnit.SECONDS).expectAccepted().get("status").asString());
    assertThat(statuses).containsExactlyInAnyOrder("Accepted", "PreviouslyAccepted");
    String id = one.join().json().get("invocationId").asString();
    client.attach(id).expectStatus(200);
    assertThat(effects.on("twice")).containsExactly("worked");
  }

  @Test
  void aHandlePrintedByOneProcessIsAwaitedByAnother() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new Callee(effects)).uri());
    String base = server.ingress().base().toString();

    String printed = client("sender", base + "/callee/work/send?delay=1s", "\"handle\"");
    String id = printed.replaceAll(".*\"invocationId\":\"([^\"]+)\".*", "$1");
    String awaited = client("waiter", base + "/restate/attach/" + id);

    assertThat(awaited).isEqualTo(server.ingress().output(id).expectText());
    assertThat(effects.on("handle")).containsExactly("worked");
  }

  /** What another process printed as its answer. */
  private static String client(String name, String... arguments) {
    try (JavaProcess process =
        JavaProcess.start(
            name,
            List.of("-cp", JavaProcess.classPath()),
            OtherProcess.class.getName(),
            List.of(arguments))) {
      return process
          .awaitLine(it -> it.startsWith("answer "), Duration.ofSeconds(30))
          .substring("answer ".length());
    }
  }

  /** Asks once and prints the answer: url, and the JSON to post if any. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] args) throws IOException, InterruptedException {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(args[0]));
      if (args.length > 1) {
        request.header("content-type", "application/json");
        request.POST(HttpRequest.BodyPublishers.ofString(args[1]));
      }
      try (HttpClient http = HttpClient.newHttpClient()) {
        System.out.println("answer " + http.send(request.build(), BodyHandlers.ofString()).body());
      }
    }
  }
}
