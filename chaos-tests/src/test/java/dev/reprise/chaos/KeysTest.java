package dev.reprise.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.VirtualObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Keys never block each other. With {@code -Dstorm.long=true}, for a minute and on more keys. */
@Timeout(300)
class KeysTest {
  private static final boolean LONG = Boolean.getBoolean("storm.long");
  private static final int CALLS = LONG ? 10_000 : 2_000;
  private static final int CLIENTS = 4;
  private static final int QUEUED_ON_THE_BLOCKED_KEY = 50;
  private static final Duration BLOCKED = Duration.ofSeconds(LONG ? 60 : 10);
  private static final double SLACK_MILLIS = 15;

  @RegisterExtension final Storm storm = new Storm();

  /** Each key has a gate; whoever is told to wait waits there. */
  @VirtualObject("gate")
  static class Gate {
    final Map<String, CountDownLatch> closed = new ConcurrentHashMap<>();
    final CountDownLatch arrived = new CountDownLatch(1);

    @Handler
    public String pass(ObjectContext ctx) throws InterruptedException {
      CountDownLatch gate = closed.get(ctx.key());
      if (gate != null) {
        arrived.countDown();
        gate.await();
      }
      return ctx.key();
    }
  }

  @Test
  void aBlockedKeyDoesNotSlowTheOthers() throws Exception {
    Gate gate = new Gate();
    ServerProcess server = storm.server();
    server.admin().register(storm.serve(gate).uri());
    IngressClient client = server.ingress();
    measure(client, "warm", Duration.ZERO);
    double before = p99(measure(client, "free", Duration.ZERO));

    CountDownLatch opens = new CountDownLatch(1);
    gate.closed.put("blocked", opens);
    List<CompletableFuture<Answer>> waiting = new ArrayList<>();
    for (int i = 0; i < QUEUED_ON_THE_BLOCKED_KEY; i++) {
      waiting.add(client.to("gate/blocked/pass").within(Duration.ofMinutes(4)).postAsync());
    }
    assertThat(gate.arrived.await(20, TimeUnit.SECONDS)).isTrue();
    double beside = p99(measure(client, "beside", BLOCKED));
    assertThat(waiting).noneMatch(CompletableFuture::isDone);
    opens.countDown();

    storm.say(
        "p99 of %d calls on other keys: %.1f ms, beside a blocked key %.1f ms",
        CALLS, before, beside);
    assertThat(beside).isLessThan(2 * before + SLACK_MILLIS);
    for (CompletableFuture<Answer> one : waiting) {
      assertThat(one.get(30, TimeUnit.SECONDS).expectText()).isEqualTo("\"blocked\"");
    }
  }

  private static double p99(List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    return sorted.get(sorted.size() * 99 / 100) / 1e6;
  }

  /** Nanoseconds of calls, each on a key of its own: so many, and for at least so long. */
  private static List<Long> measure(IngressClient client, String prefix, Duration atLeast)
      throws Exception {
    List<Long> nanos = new ArrayList<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<List<Long>>> parts = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String keys = prefix + "-" + i + "-";
        parts.add(clients.submit(() -> call(client, keys, atLeast)));
      }
      for (Future<List<Long>> part : parts) {
        nanos.addAll(part.get());
      }
    }
    return nanos;
  }

  private static List<Long> call(IngressClient client, String keys, Duration atLeast)
      throws Exception {
    List<Long> nanos = new ArrayList<>();
    long end = System.nanoTime() + atLeast.toNanos();
    while (nanos.size() < CALLS / CLIENTS || System.nanoTime() < end) {
      long begin = System.nanoTime();
      client.to("gate/" + keys + nanos.size() + "/pass").post().expectText();
      nanos.add(System.nanoTime() - begin);
    }
    return nanos;
  }
}
