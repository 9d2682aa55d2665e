package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.VirtualObject;
import dev.reprise.sdk.http.ServingEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A million calls that wait for an endpoint fit the default heap. By hand: {@code
 * -Dstorm.long=true}, with {@code -Dstorm.queued=N} for another number.
 */
@Tag("long")
@EnabledIfSystemProperty(named = "storm.long", matches = "true")
class ManyQueuedTest {
  private static final int QUEUED = Integer.getInteger("storm.queued", 1_000_000);
  private static final int CLIENTS = 64;
  private static final int SAID_EVERY = 100_000;

  /** It is about room, not about speed, and a machine may be busy. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @RegisterExtension final Storm storm = new Storm();

  /** Counts whom it has seen. */
  @VirtualObject("queued")
  @Options(
      retry =
          @Options.Retry(initialInterval = "PT1S", maxInterval = "PT60S", maxAttempts = 1_000_000))
  static class Queued {
    final AtomicInteger ran = new AtomicInteger();

    @Handler
    public void run(ObjectContext ctx) {
      ran.incrementAndGet();
    }
  }

  @Test
  @Timeout(3_600)
  void manyCallsOnDistinctKeysWaitForTheirEndpointWithinTheDefaultHeap() throws Exception {
    Queued queued = new Queued();
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(new StormServices.Echo()).uri());
    ServingEndpoint endpoint = storm.serve(queued);
    server.admin().register(endpoint.uri());
    endpoint.close();
    storm.say("empty: %s", memory(server));

    long begin = System.nanoTime();
    sendAll(server);
    double seconds = (System.nanoTime() - begin) / 1e9;
    storm.say("%d sends in %.0f s, %.0f/s: %s", QUEUED, seconds, QUEUED / seconds, memory(server));
    served(server);

    server.kill();
    long killed = System.nanoTime();
    server.restart();
    served(server);
    storm.say("served %d ms after a kill: %s", millisSince(killed), memory(server));

    storm.serveAt(endpoint.port(), queued);
    long up = System.nanoTime();
    eventually(
        Duration.ofMinutes(20), () -> assertThat(queued.ran.get()).isGreaterThanOrEqualTo(QUEUED));
    storm.say("all ran %d ms after their endpoint was back: %s", millisSince(up), memory(server));
    served(server);
  }

  private void sendAll(ServerProcess server) throws Exception {
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<Integer>> parts = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        parts.add(clients.submit(() -> send(server, next)));
      }
      for (Future<Integer> part : parts) {
        assertThat(part.get()).isPositive();
      }
    }
  }

  private int send(ServerProcess server, AtomicInteger next) throws IOException {
    IngressClient client = server.ingress();
    int sent = 0;
    for (int i = next.getAndIncrement(); i < QUEUED; i = next.getAndIncrement()) {
      client.to("queued/k" + i + "/run/send").within(PATIENCE).post().expectAccepted();
      sent++;
      if (i % SAID_EVERY == SAID_EVERY - 1) {
        storm.say("%d sent: %s", i + 1, memory(server));
      }
    }
    return sent;
  }

  private static void served(ServerProcess server) {
    eventually(
        Duration.ofMinutes(1),
        () -> {
          server.ingress().to("echo/echo").post("1").expectText();
        });
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  private static String memory(ServerProcess server) throws IOException {
    Path status = Path.of("/proc", Long.toString(server.process().pid()), "status");
    return Files.exists(status)
        ? Files.readAllLines(status).stream()
            .filter(it -> it.startsWith("VmRSS") || it.startsWith("VmHWM"))
            .map(it -> it.replaceAll("\\s+", " "))
            .toList()
            .toString()
        : "memory unknown";
  }
}
