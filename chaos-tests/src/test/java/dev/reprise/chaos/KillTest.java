package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static dev.reprise.chaos.rig.Eventually.pause;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.StormLoad.Called;
import dev.reprise.chaos.StormLoad.CounterBook;
import dev.reprise.chaos.StormLoad.Sent;
import dev.reprise.chaos.StormServices.Steps;
import dev.reprise.chaos.StormServices.Steps.Event;
import dev.reprise.chaos.rig.IngressClient;
import dev.reprise.chaos.rig.IngressClient.Answer;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * {@code kill -9} at any instant: what was acknowledged is there, what had run is not run again.
 */
class KillTest {
  private static final int ROUNDS = Integer.getInteger("storm.rounds", 20);
  private static final int CLIENTS = 8;
  private static final int ACKNOWLEDGED_PER_ROUND = 40;

  @RegisterExtension final Storm storm = new Storm();

  private final Steps steps = new Steps();
  private final List<Long> backAfterMillis = new ArrayList<>();
  private final List<Long> readyAfterMillis = new ArrayList<>();
  private final List<Long> startedInMillis = new ArrayList<>();

  @Test
  @Timeout(600)
  void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
    SplittableRandom random = storm.random();
    ServerProcess server = storm.server();
    var endpoint = storm.serve(new StormServices.Echo(), new StormServices.Counter(), steps);
    server.admin().register(endpoint.uri());

    StormLoad load = new StormLoad(server.ingress());
    load.start(CLIENTS, random.split());
    for (int round = 0; round < ROUNDS; round++) {
      long before = load.acknowledged();
      eventually(
          Duration.ofMinutes(1),
          () -> assertThat(load.acknowledged()).isGreaterThan(before + ACKNOWLEDGED_PER_ROUND));
      pause(Duration.ofMillis(random.nextInt(1_000)));
      killAndRestart(server);
    }
    load.stop();
    report(load);

    assertThat(load.wrong).isEmpty();
    everyAcknowledgedSendRan(server.ingress(), load);
    everyStepHasOneResult(load);
    everyCounterIsRight(server.ingress(), load);
  }

  private void killAndRestart(ServerProcess server) throws Exception {
    server.kill();
    long killed = System.nanoTime();
    CompletableFuture<Long> back =
        CompletableFuture.supplyAsync(
            () -> {
              IngressClient client = server.ingress();
              eventually(
                  Duration.ofSeconds(30),
                  () -> {
                    client.to("echo/echo").within(Duration.ofSeconds(5)).post("1").expectText();
                  });
              return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
            });
    server.restart();
    readyAfterMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed));
    startedInMillis.add(server.startedInMillis());
    backAfterMillis.add(back.get(40, TimeUnit.SECONDS));
  }

  private void everyAcknowledgedSendRan(IngressClient client, StormLoad load) {
    assertThat(load.sends).isNotEmpty();
    for (Sent sent : load.sends) {
      Answer answer =
          eventually(
              Duration.ofSeconds(30), () -> client.output(sent.invocationId()).expectStatus(200));
      load.stepCalls.add(new Called(sent.subject(), answer.text()));
    }
  }

  /** Of calls and sends: what was answered is what was made, and what later steps have seen. */
  private void everyStepHasOneResult(StormLoad load) {
    assertThat(load.stepCalls).isNotEmpty();
    for (Called called : load.stepCalls) {
      List<String> answer = strings(called.answer());
      List<Event> events = steps.events(called.subject());
      assertThat(answer).hasSize(StormLoad.STEPS);
      Map<Integer, List<String>> made = new HashMap<>();
      int newest = 0;
      for (Event event : events) {
        // A step that comes again after a later one had begun would have been run after its result
        // was durable.
        assertThat(event.step())
            .as("order of steps of %s: %s", called.subject(), events)
            .isGreaterThanOrEqualTo(newest);
        newest = event.step();
        assertThat(event.seen())
            .as("results seen by step %d of %s", event.step(), called.subject())
            .isEqualTo(answer.subList(0, event.step()));
        made.computeIfAbsent(event.step(), any -> new ArrayList<>()).add(event.made());
      }
      for (int step = 0; step < answer.size(); step++) {
        assertThat(made.getOrDefault(step, List.of()))
            .as("values made by step %d of %s", step, called.subject())
            .contains(answer.get(step));
      }
    }
  }

  private static List<String> strings(String json) {
    List<String> strings = new ArrayList<>();
    tools.jackson.databind.json.JsonMapper.shared()
        .readTree(json)
        .forEach(it -> strings.add(it.asString()));
    return strings;
  }

  private static void everyCounterIsRight(IngressClient client, StormLoad load) throws IOException {
    for (int i = 0; i < StormLoad.COUNTERS; i++) {
      CounterBook book = load.counters.get(i);
      int count = Integer.parseInt(client.to("counter/c" + i + "/read").post().expectText());
      assertThat(count)
          .as("counter %d: %d acknowledged, %d unknown", i, acknowledged(book), unknown(book))
          .isBetween(acknowledged(book), acknowledged(book) + unknown(book));
      assertThat(Collections.max(book.answers.keySet())).isLessThanOrEqualTo(count);
    }
  }

  private static int acknowledged(CounterBook book) {
    return book.acknowledged.get();
  }

  private static int unknown(CounterBook book) {
    return book.unknown.get();
  }

  private void report(StormLoad load) {
    storm.say(
        "%d rounds; acknowledged: %d echoes, %d sends, %d calls with steps, %d adds; %d requests had"
            + " an unknown fate, %d were repeated; %d executions of steps, %d journaled",
        ROUNDS,
        load.echoes.sum(),
        load.sends.size(),
        load.stepCalls.size(),
        load.counters.stream().mapToInt(KillTest::acknowledged).sum(),
        load.unknown.sum(),
        load.repeated.sum(),
        steps.executions.sum(),
        StormLoad.STEPS * (load.stepCalls.size() + load.sends.size()));
    storm.say("from kill to first served call: %s (goal 2000 ms)", spread(backAfterMillis));
    storm.say(
        "from kill to ready line: %s; of which in the node: %s",
        spread(readyAfterMillis), spread(startedInMillis));
  }

  private static String spread(List<Long> millis) {
    List<Long> sorted = millis.stream().sorted().toList();
    return "p50 %d ms, max %d ms".formatted(sorted.get(sorted.size() / 2), sorted.getLast());
  }
}
