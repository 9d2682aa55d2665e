package dev.reprise.server.invoker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever an endpoint sends, its own attempt ends and nothing else does. To repeat a run: {@code
 * -Dreprise.fuzz.seed=SEED}, and {@code -Dreprise.fuzz.sequences=N} for more of it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class HostileFramesTest {
  private static final int SEQUENCES = Integer.getInteger("reprise.fuzz.sequences", 4_000);
  private static final int AT_ONCE = 48;
  private static final int HEALTHY_EVERY = 50;

  private static final ServiceOptions ONCE =
      new ServiceOptions(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          1,
          OnMaxAttempts.KILL);

  @TempDir Path directory;

  private static InvokerOptions options(int version) {
    return InvokerOptions.DEFAULTS
        .withProtocolVersion(version)
        .withServiceDefaults(ONCE.over(ServiceOptions.DEFAULTS));
  }

  private static ScriptedEndpoint.Script script(long seed) {
    return peer -> {
      ScriptedHandler handler = new ScriptedHandler(peer).begin();
      String input = handler.input();
      if (!input.startsWith("fuzz ")) {
        handler.finish(ScriptedHandler.output(input), ScriptedHandler.end());
        return;
      }
      InvocationId self = InvocationId.parse(handler.start().getDebugId());
      // Another attempt says something else.
      long which = seed + Long.parseLong(input.substring(5)) + 31L * handler.journal().size();
      new HostileFrames(which, self).sequence().forEach(peer::send);
      peer.end();
    };
  }

  @ParameterizedTest(name = "version {0}")
  @ValueSource(ints = {5, 6, 7})
  void aHealthyHandlerIsServedWhateverOthersSend(int version) throws Exception {
    long seed = Long.getLong("reprise.fuzz.seed", System.nanoTime());
    System.out.println("Hostile frames, version " + version + ": -Dreprise.fuzz.seed=" + seed);
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script(seed));
        InvokerWorld world = new InvokerWorld(options(version)).serving(endpoint)) {
      List<CompletableFuture<Outcome>> healthy = attack(world);
      for (CompletableFuture<Outcome> outcome : healthy) {
        assertThat(InvokerWorld.text(outcome)).isEqualTo("healthy");
      }
      InvokerWorld.await("all attempts over", () -> world.counters().running() == 0);
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
      System.out.println(
          "Hostile frames: "
              + world.counters().attempts()
              + " attempts, failures "
              + world.counters().failures());
      assertThat(world.counters().failures()).containsKeys("RT0012", "RT0007");
      InvokerWorld.await("all exchanges over", () -> world.onLoop(world.endpoints()::streams) == 0);
      assertThat(endpoint.mishaps()).isEmpty();
      assertThat(endpoint.reachedAt()).hasSize(world.onLoop(world.endpoints()::connections));
    }
  }

  /** Runs all sequences, some at once, and healthy invocations between them. */
  private static List<CompletableFuture<Outcome>> attack(InvokerWorld world) throws Exception {
    Semaphore places = new Semaphore(AT_ONCE);
    List<CompletableFuture<Outcome>> healthy = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      places.acquire();
      CompletableFuture<Outcome> fuzzed =
          switch (i % 3) {
            case 0 -> world.invoke("Svc", "go", "", "fuzz " + i);
            case 1 -> world.invoke("Obj", "look", "k" + i, "fuzz " + i);
            default -> world.invoke("Flow", "look", "k" + i, "fuzz " + i);
          };
      fuzzed.whenComplete((outcome, error) -> places.release());
      InvokerWorld.await(
          "a place", () -> places.availablePermits() > 0 || world.counters().running() == 0);
      if (places.availablePermits() == 0) {
        // All of them are suspended, some for ever: they need no place.
        places.release(AT_ONCE);
      }
      if (i % HEALTHY_EVERY == 0) {
        healthy.add(world.invoke("Obj", "go", "a key", "healthy"));
      }
    }
    return healthy;
  }

  @Test
  void noRuleBreaksOverWhatIsLeftOfIt() throws Exception {
    long seed = Long.getLong("reprise.fuzz.seed", System.nanoTime());
    System.out.println("Hostile frames, rules: -Dreprise.fuzz.seed=" + seed);
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script(seed));
        PartitionWorld world = new PartitionWorld(directory, options(7), seed)) {
      world.knowing(
          InvokerWorld.registry(
              1, endpoint.uri(), ProtocolMode.BIDI_STREAM, 7, ServiceOptions.SILENT));
      List<InvocationId> all = new ArrayList<>();
      for (int i = 0; i < SEQUENCES / 4; i++) {
        NewInvocation fuzzed =
            switch (i % 4) {
              case 0 -> world.invocation("Svc", "go", "", "fuzz " + i);
              case 1 -> world.invocation("Obj", "go", "k" + i, "fuzz " + i);
              case 2 -> world.invocation("Flow", "run", "k" + i, "fuzz " + i);
              default -> world.invocation("Flow", "look", "k" + (i - 1), "fuzz " + i);
            };
        all.add(fuzzed.id());
        world.call(fuzzed);
        if (i % AT_ONCE == 0) {
          InvokerWorld.await("a pause in the attack", () -> world.counters().running() == 0);
        }
      }
      NewInvocation healthy = world.invocation("Obj", "go", "a key", "healthy");
      assertThat(world.call(healthy).get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS))
          .isInstanceOf(Ingress.Answer.Ended.class);
      InvokerWorld.await("all attempts over", () -> world.counters().running() == 0);
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
      System.out.println("Hostile frames, rules: " + world.counters().failures());
      for (InvocationId id : all) {
        String now = String.valueOf(world.ask(it -> world.router().find(id, it)).join());
        assertThat(now).doesNotContain("engine fault");
      }
      assertThat(endpoint.mishaps()).isEmpty();
    }
  }
}
