package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.error;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More invocations than the invoker takes, with a real partition that keeps the others. */
@Timeout(60)
class CrowdTest {
  private static final int PLACES = 32;
  private static final int CROWD = 200;

  @TempDir Path directory;

  private PartitionWorld world(ScriptedEndpoint endpoint, Duration retryInterval) throws Exception {
    ServiceOptions options =
        new ServiceOptions(
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            null,
            null,
            null,
            null,
            null,
            retryInterval,
            retryInterval,
            1.0,
            Integer.MAX_VALUE,
            null);
    return new PartitionWorld(
            directory,
            InvokerOptions.DEFAULTS
                .withServiceDefaults(options.over(ServiceOptions.DEFAULTS))
                .withActivations(PLACES),
            7)
        .knowing(
            InvokerWorld.registry(
                1, endpoint.uri(), ProtocolMode.BIDI_STREAM, 6, ServiceOptions.SILENT));
  }

  private static ScriptedEndpoint.Script failingUnless(AtomicBoolean healthy, AtomicInteger ran) {
    return peer -> {
      ScriptedHandler handler = new ScriptedHandler(peer).begin();
      if (handler.input().equals("crowd") && !healthy.get()) {
        handler.finish(error(500, "not today"));
      } else {
        ran.incrementAndGet();
        handler.finish(output("well"), end());
      }
    };
  }

  private static List<CompletableFuture<Ingress.Answer>> crowd(PartitionWorld world) {
    List<CompletableFuture<Ingress.Answer>> answers = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      answers.add(world.call(world.invocation("Svc", "go", "", "crowd")));
    }
    return answers;
  }

  private static Ingress.Answer got(CompletableFuture<Ingress.Answer> answer) throws Exception {
    return answer.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void aServiceIsServedWhileAnotherOneHasMoreBackingOffThanAreTaken() throws Exception {
    AtomicInteger ran = new AtomicInteger();
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(failingUnless(new AtomicBoolean(), ran));
        PartitionWorld world = world(endpoint, Duration.ofHours(1))) {
      List<CompletableFuture<Ingress.Answer>> crowd = crowd(world);
      InvokerWorld.await("the crowd backs off", () -> world.counters().backingOff() >= PLACES / 2);

      for (int i = 0; i < PLACES; i++) {
        var answer = world.call(world.invocation("Obj", "go", "k" + i, ""));
        assertThat(got(answer)).isInstanceOf(Ingress.Answer.Ended.class);
      }
      assertThat(world.counters().backingOff()).isEqualTo(PLACES / 2);
      assertThat(crowd).noneMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void allOfTheCrowdRunOnceTheirServiceIsWell() throws Exception {
    AtomicBoolean healthy = new AtomicBoolean();
    AtomicInteger ran = new AtomicInteger();
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(failingUnless(healthy, ran));
        PartitionWorld world = world(endpoint, Duration.ofMillis(20))) {
      List<CompletableFuture<Ingress.Answer>> crowd = crowd(world);
      InvokerWorld.await("the crowd backs off", () -> world.counters().backingOff() >= PLACES / 4);

      healthy.set(true);
      for (CompletableFuture<Ingress.Answer> answer : crowd) {
        assertThat(got(answer)).isInstanceOf(Ingress.Answer.Ended.class);
      }
      assertThat(ran).hasValue(CROWD);
    }
  }
}
