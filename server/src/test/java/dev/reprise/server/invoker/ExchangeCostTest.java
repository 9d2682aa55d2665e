package dev.reprise.server.invoker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.endpoint.NullEndpoint;
import dev.reprise.storage.model.NewInvocation;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What one echo costs on the loop, the partition in memory included. To measure in earnest: {@code
 * -Dreprise.cost.echoes=1000000}.
 */
class ExchangeCostTest {
  private static final int ECHOES = Integer.getInteger("reprise.cost.echoes", 20_000);
  private static final int AT_ONCE = 64;

  @Test
  void anEchoCostsLittleOnTheLoop() throws Exception {
    try (NullEndpoint endpoint = new NullEndpoint();
        InvokerWorld world =
            new InvokerWorld()
                .serving(endpoint.uri(), ProtocolMode.BIDI_STREAM, 7, ServiceOptions.SILENT)) {
      run(world, ECHOES);
      long thread = world.onLoop(() -> Thread.currentThread().threadId());
      var threads = ManagementFactory.getThreadMXBean();
      long cpu = threads.getThreadCpuTime(thread);
      long wall = System.nanoTime();
      run(world, ECHOES);
      long nanos = threads.getThreadCpuTime(thread) - cpu;
      double perSecond = ECHOES / ((System.nanoTime() - wall) / 1e9);
      System.out.printf(
          "Exchange cost: %.1f µs of CPU on the loop, %.0f echoes per second%n",
          nanos / 1e3 / ECHOES, perSecond);
      assertThat(world.host().proposals()).hasSize(2 * ECHOES);
      assertThat(world.counters().failures()).isEmpty();
    }
  }

  /** Keeps some invocations running until enough have ended. */
  private static void run(InvokerWorld world, int count) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    AtomicInteger left = new AtomicInteger(count);
    AtomicInteger toStart = new AtomicInteger(count - AT_ONCE);
    List<NewInvocation> first = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      first.add(world.invocation("Svc", "go", "", "hello"));
    }
    first.forEach(each -> follow(world, each, toStart, left, done));
    done.orTimeout(100, TimeUnit.SECONDS).join();
  }

  private static void follow(
      InvokerWorld world,
      NewInvocation invocation,
      AtomicInteger toStart,
      AtomicInteger left,
      CompletableFuture<Void> done) {
    var unused =
        world
            .invoke(invocation)
            .thenRun(
                () -> {
                  if (toStart.getAndDecrement() > 0) {
                    NewInvocation next = world.invocation("Svc", "go", "", "hello");
                    follow(world, next, toStart, left, done);
                  }
                  if (left.decrementAndGet() == 0) {
                    done.complete(null);
                  }
                });
  }
}
