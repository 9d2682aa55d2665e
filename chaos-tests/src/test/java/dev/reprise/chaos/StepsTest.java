package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.Effects;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.ServiceProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Service;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a handler's failures and its process's death do to its steps: nothing. */
@Timeout(60)
class StepsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension final Storm storm = new Storm();

  /** Handlers that fail between steps, or wait there to be killed. */
  @Service("trials")
  @Options(retry = @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.2S"))
  static class Trials {
    private final Effects effects;
    private final int life;

    Trials(Effects effects, int life) {
      this.effects = effects;
      this.life = life;
    }

    /** Three steps between which it fails three times. */
    @Handler
    public String stumble(Context ctx, String subject) {
      effects.add(subject, "attempt");
      long attempt = effects.on(subject).stream().filter("attempt"::equals).count();
      String seen = "";
      for (int step = 1; step <= 4; step++) {
        String name = "step " + step;
        seen += ctx.run(name, String.class, () -> took(subject, name)) + ";";
        if (step == attempt && attempt <= 3) {
          throw new IllegalStateException("stumbled after " + name);
        }
      }
      return seen;
    }

    /** Fifty steps; in its first life it stops after the 25th and waits for its end. */
    @Handler
    public int march(Context ctx, String subject) throws InterruptedException {
      int sum = 0;
      for (int step = 1; step <= 50; step++) {
        int number = step;
        sum += ctx.run("step", Integer.class, () -> stepped(subject, number));
        if (life == 1 && step == 25) {
          effects.add(subject, "cut here");
          new CountDownLatch(1).await();
        }
      }
      return sum;
    }

    private String took(String subject, String step) {
      effects.add(subject, step);
      return step;
    }

    private int stepped(String subject, int number) {
      effects.add(subject, "step " + number);
      return number;
    }
  }

  @Test
  void aHandlerThatFailsThreeTimesBetweenItsStepsTakesEachStepOnceAndSucceeds() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new Trials(effects, 1)).uri());

    Answer answer = server.ingress().to("trials/stumble").post("\"s\"");

    assertThat(answer.expectText()).isEqualTo("\"step 1;step 2;step 3;step 4;\"");
    assertThat(effects.on("s"))
        .containsExactly(
            "attempt", "step 1", "attempt", "step 2", "attempt", "step 3", "attempt", "step 4");
  }

  @Test
  void aLoopOfFiftyStepsCutAfterThe25thTakesEachOnceAndInOrder() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    ServiceProcess services = storm.process(effects, Trials.class);
    server.admin().register(services.uri());

    CompletableFuture<Answer> call = server.ingress().to("trials/march").postAsync("\"m\"");
    eventually(SOON, () -> assertThat(effects.on("m")).endsWith("cut here"));
    services.kill();
    services.restart();

    assertThat(call.get(20, TimeUnit.SECONDS).expectText()).isEqualTo("1275");
    List<String> each = IntStream.rangeClosed(1, 50).mapToObj(it -> "step " + it).toList();
    assertThat(effects.on("m").stream().filter(it -> !it.equals("cut here")))
        .containsExactlyElementsOf(each);
  }

  @Test
  void serverAndServicesKilledInMidHandlerLoseNoStepAndRepeatNone() throws Exception {
    Effects effects = storm.effects();
    ServerProcess server = storm.server();
    ServiceProcess services = storm.process(effects, Trials.class);
    server.admin().register(services.uri());

    String id =
        server
            .ingress()
            .to("trials/march/send")
            .post("\"both\"")
            .expectAccepted()
            .get("invocationId")
            .asString();
    eventually(SOON, () -> assertThat(effects.on("both")).endsWith("cut here"));
    server.kill();
    services.kill();
    services.restart();
    server.restart();

    assertThat(server.ingress().attach(id).expectText()).isEqualTo("1275");
    List<String> each = IntStream.rangeClosed(1, 50).mapToObj(it -> "step " + it).toList();
    assertThat(effects.on("both").stream().filter(it -> !it.equals("cut here")))
        .containsExactlyElementsOf(each);
  }
}
