package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static dev.reprise.server.invoker.ScriptedHandler.run;
import static dev.reprise.server.invoker.ScriptedHandler.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The node's memory is shared by its attempts, and none of them stands still for want of it. */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class MemoryPoolTest {
  private static final int INITIAL = 16 << 10;
  private static final int LIMIT = 1 << 20;
  private static final int NODE = 4 << 20;

  private static InvokerWorld world(Duration patience) {
    return new InvokerWorld(
        InvokerOptions.DEFAULTS
            .withServiceDefaults(InvokerWorld.IMPATIENT.over(ServiceOptions.DEFAULTS))
            .withMemory(new InvokerOptions.Memory(NODE, INITIAL, LIMIT, patience)));
  }

  private static void assertIdle(InvokerWorld world) {
    InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
    assertThat(world.counters().failures()).isEmpty();
    assertThat(world.host().pauses()).isEmpty();
  }

  @Test
  void anInvocationBeginsOnlyWhenThereIsMemoryForItsStart() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptTest::echo);
        InvokerWorld world = world(Duration.ofHours(1)).serving(endpoint)) {
      world.memory().take(NODE);
      NewInvocation invocation = world.invocation("Svc", "go", "", "at last");
      CompletableFuture<Outcome> outcome = world.invoke(invocation);
      assertThat(world.activity(invocation.id())).extracting("status").isEqualTo("ready");
      assertThat(endpoint.exchanges()).isZero();

      world.memory().give(NODE);
      assertThat(InvokerWorld.text(outcome)).isEqualTo("at last");
      assertIdle(world);
    }
  }

  @Test
  void aBigStartIsNotStarvedBySmallOnes() {
    MemoryPool pool = new MemoryPool(100);
    MemoryPool.Place big = new MemoryPool.Place();
    MemoryPool.Place small = new MemoryPool.Place();
    assertThat(pool.tryStart(small, 60)).isTrue();

    assertThat(pool.tryStart(big, 80)).isFalse();
    // There is room, but those that come again and again would never leave enough.
    assertThat(pool.tryStart(small, 30)).isFalse();
    // Who runs already is not held up.
    assertThat(pool.tryTake(30)).isTrue();
    pool.give(90);
    assertThat(pool.tryStart(small, 30)).isFalse();
    assertThat(pool.tryStart(big, 80)).isTrue();

    assertThat(pool.tryStart(small, 20)).isTrue();
    assertThat(pool.used()).isEqualTo(100);
  }

  @Test
  void whoWaitsNoLongerHoldsUpNobody() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptTest::echo);
        InvokerWorld world = world(Duration.ofHours(1)).serving(endpoint)) {
      MemoryPool.Place other = new MemoryPool.Place();
      world.memory().take(NODE);
      NewInvocation invocation = world.invocation("Svc", "go", "", "never");
      world.invoke(invocation);
      assertThat(world.activity(invocation.id())).extracting("status").isEqualTo("ready");
      world.memory().give(NODE - INITIAL / 2);
      assertThat(world.memory().tryStart(other, NODE)).isFalse();

      world.host().abort(invocation.id(), 0);

      world.memory().give(INITIAL / 2);
      InvokerWorld.await("it is the other's turn", () -> world.memory().tryStart(other, NODE));
      world.memory().give(NODE);
      assertIdle(world);
    }
  }

  @Test
  void aLargeFrameWaitsForMemoryAlsoWhenItsResponseIsComplete() throws Exception {
    String large = "x".repeat(600 << 10);
    CompletableFuture<Void> full = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          full.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
          handler.say(output(large), end());
          peer.end();
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = world(Duration.ofHours(1)).serving(endpoint)) {
      CompletableFuture<Outcome> outcome = world.invoke("Svc", "go", "", "");
      InvokerWorld.await("it runs", () -> endpoint.exchanges() == 1);
      world.memory().take(NODE);
      full.complete(null);
      InvokerWorld.await("all has come", () -> world.memory().used() >= NODE + large.length());
      assertThat(world.counters().frames()).isZero();
      assertThat(outcome).isNotDone();

      world.memory().give(NODE);
      assertThat(InvokerWorld.text(outcome)).isEqualTo(large);
      assertThat(world.counters().yields()).isZero();
      assertIdle(world);
    }
  }

  @Test
  void anAttemptThatWaitsInVainYieldsAndIsBegunAgainWithEnough() throws Exception {
    String large = "x".repeat(600 << 10);
    CompletableFuture<Void> full = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          full.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
          handler.say(output(large), end());
          handler.awaitEnd();
          peer.end();
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = world(Duration.ofMillis(30)).serving(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "");
      CompletableFuture<Outcome> outcome = world.invoke(invocation);
      InvokerWorld.await("it runs", () -> endpoint.exchanges() == 1);
      world.memory().take(NODE);
      full.complete(null);
      InvokerWorld.await("yielded", () -> world.counters().yields() == 1);
      assertThat(world.activity(invocation.id())).extracting("status").isEqualTo("ready");
      InvokerWorld.await("nothing held", () -> world.memory().used() == NODE);

      world.memory().give(NODE);
      assertThat(InvokerWorld.text(outcome)).isEqualTo(large);
      assertThat(endpoint.exchanges()).isEqualTo(2);
      assertIdle(world);
    }
  }

  @Test
  void manyLargeInvocationsShareALittleMemory() throws Exception {
    int calls = 60;
    String large = "x".repeat(900 << 10);
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          handler.say(output(large), end());
          handler.awaitEnd();
          peer.end();
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = world(Duration.ofMillis(50)).serving(endpoint)) {
      List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        outcomes.add(world.invoke("Svc", "go", "", "" + i));
      }
      for (CompletableFuture<Outcome> outcome : outcomes) {
        assertThat(InvokerWorld.text(outcome)).isEqualTo(large);
      }
      assertIdle(world);
    }
  }

  @Test
  void aFrameLargerThanAnInvocationMayHoldPausesIt() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          new ScriptedHandler(peer).begin().say(run(1), output("x".repeat(LIMIT)), end());
          peer.awaitOver();
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = world(Duration.ofHours(1)).serving(endpoint)) {
      world.invoke("Svc", "go", "", "");
      InvokerWorld.await("paused", () -> !world.host().pauses().isEmpty());
      assertThat(world.host().pauses().get(0))
          .startsWith("RT0003: Expected an invocation to need at most 1048576 bytes of memory");
      assertThat(endpoint.exchanges()).isEqualTo(1);
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
    }
  }

  @Test
  void aJournalEntryLargerThanAnInvocationMayHoldPausesIt() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptTest::echo);
        InvokerWorld world = world(Duration.ofHours(1)).serving(endpoint)) {
      world.invoke("Svc", "go", "", "x".repeat(LIMIT));
      InvokerWorld.await("paused", () -> !world.host().pauses().isEmpty());
      assertThat(world.host().pauses().get(0)).contains("the journal entry Input has");
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
    }
  }

  @Test
  void whoOnlyWaitsGivesItsMemoryToWhoCannotBegin() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          if (handler.input().equals("waits")) {
            handler.say(ScriptedHandler.sleep(1, Long.MAX_VALUE));
            handler.awaitEnd();
            handler.finish(suspension(1));
          } else {
            handler.finish(output(handler.input()), end());
          }
        };
    int fit = NODE / INITIAL;
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script, 10_000);
        InvokerWorld world = world(Duration.ofHours(1)).serving(endpoint)) {
      for (int i = 0; i < fit; i++) {
        world.invoke("Svc", "go", "", "waits");
      }
      InvokerWorld.await("all wait", () -> world.counters().frames() == fit);
      assertThat(world.memory().used()).isEqualTo(NODE);
      assertThat(world.call("begins")).isEqualTo("begins");
      assertThat(world.counters().askedToSuspend()).isPositive();
    }
  }
}
