package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.join;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static dev.reprise.server.invoker.ScriptedHandler.proposal;
import static dev.reprise.server.invoker.ScriptedHandler.run;
import static dev.reprise.server.invoker.ScriptedHandler.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.endpoint.Functions;
import dev.reprise.server.endpoint.Functions.Answer;
import dev.reprise.server.endpoint.ResponseHead;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Outcome;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A function is told its whole journal at once, and that is in memory as long as it takes. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class FunctionMemoryTest {
  private static final int LIMIT = 1 << 20;
  private static final String LARGE = "x".repeat(600 << 10);

  /** How long each request was, as it came. */
  private final BlockingQueue<Integer> requests = new LinkedBlockingQueue<>();

  private final BlockingQueue<CompletableFuture<Answer>> answers = new LinkedBlockingQueue<>();

  private InvokerWorld world() {
    Functions functions =
        (request, body) -> {
          CompletableFuture<Answer> answer = new CompletableFuture<>();
          answers.add(answer);
          requests.add(body.length());
          return answer;
        };
    return new InvokerWorld(
        InvokerOptions.DEFAULTS
            .withServiceDefaults(InvokerWorld.IMPATIENT.over(ServiceOptions.DEFAULTS))
            .withMemory(new InvokerOptions.Memory(4 * LIMIT, 16 << 10, LIMIT, Duration.ofHours(1))),
        functions);
  }

  private int asked() throws InterruptedException {
    Integer bytes = requests.poll(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
    assertThat(bytes).as("a request in time").isNotNull();
    return bytes;
  }

  private void answer(byte[]... frames) throws InterruptedException {
    var head = new ResponseHead(200, "application/vnd.restate.invocation.v6", null, null);
    answers.take().complete(new Answer(head, Bytes.of(join(frames))));
  }

  @Test
  void aRequestCountsUntilItIsAnswered() throws Exception {
    try (InvokerWorld world = world()) {
      CompletableFuture<Outcome> outcome = world.invoke("Svc", "go", "", LARGE);

      int bytes = asked();

      assertThat(bytes).isGreaterThan(LARGE.length());
      InvokerWorld.await("all is told", () -> world.memory().used() >= LARGE.length());

      answer(output("done"), end());
      assertThat(InvokerWorld.text(outcome)).isEqualTo("done");
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
    }
  }

  @Test
  void anInvocationWhoseRequestIsLargerThanItMayBePauses() throws Exception {
    try (InvokerWorld world = world()) {
      world.invoke("Svc", "go", "", LARGE);
      asked();

      // Neither is too much for itself; the next request would be both.
      answer(run(1), proposal(1, LARGE), suspension(1));

      InvokerWorld.await("paused", () -> !world.host().pauses().isEmpty());
      assertThat(world.host().pauses().getFirst())
          .startsWith("RT0003: Expected an invocation to need at most 1048576 bytes of memory")
          .contains("a request to a function");
      assertThat(requests).isEmpty();
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
    }
  }
}
