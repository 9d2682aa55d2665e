package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.bytes;
import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.error;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static dev.reprise.server.invoker.ScriptedHandler.proposal;
import static dev.reprise.server.invoker.ScriptedHandler.run;
import static dev.reprise.server.invoker.ScriptedHandler.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.server.endpoint.EndpointOptions;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A failed attempt is followed by another, and nothing else happens. */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class AttemptFailureTest {
  static ScriptedEndpoint.Script saying(byte[]... frames) {
    return peer -> {
      ScriptedHandler handler = new ScriptedHandler(peer).begin();
      handler.say(frames);
      peer.awaitOver();
    };
  }

  @Test
  void nobodyThereIsTriedAsOftenAsThePolicySays() throws Exception {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    try (InvokerWorld world = new InvokerWorld()) {
      world.serving("http://127.0.0.1:" + port, ProtocolMode.BIDI_STREAM, 7, ServiceOptions.SILENT);
      assertThat(world.call("")).startsWith("500 cannot connect");
      assertThat(world.counters().failures()).containsEntry("RT0010", 4L);
    }
  }

  @Test
  void anEndpointThatNeverGreetsIsGivenUp() throws Exception {
    EndpointOptions hasty = EndpointOptions.DEFAULTS.withConnectTimeout(Duration.ofMillis(50));
    InvokerOptions options =
        InvokerOptions.DEFAULTS.withServiceDefaults(
            InvokerWorld.IMPATIENT.over(ServiceOptions.DEFAULTS));
    try (ServerSocket silent = new ServerSocket(0);
        InvokerWorld world = new InvokerWorld(options, hasty)) {
      world.serving(
          "http://127.0.0.1:" + silent.getLocalPort(),
          ProtocolMode.BIDI_STREAM,
          7,
          ServiceOptions.SILENT);
      assertThat(world.call("")).contains("no HTTP/2 greeting within 50 ms");
    }
  }

  @Test
  void anEndpointThatNeverAnswersIsAskedToSuspendAndThenGivenUp() throws Exception {
    ServiceOptions hasty =
        new ServiceOptions(
            Duration.ofMillis(40),
            Duration.ofMillis(40),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    CompletableFuture<Boolean> requestEnded = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          if (peer.number() > 1) {
            AttemptTest.echo(peer);
            return;
          }
          new ScriptedHandler(peer).begin().awaitEnd();
          requestEnded.complete(true);
          peer.awaitOver();
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world =
            new InvokerWorld().serving(endpoint.uri(), ProtocolMode.BIDI_STREAM, 7, hasty)) {
      assertThat(world.call("late")).isEqualTo("late");
      assertThat(requestEnded).isCompleted();
      assertThat(world.counters().failures()).containsOnlyKeys("RT0001");
    }
  }

  @Test
  void theLastErrorIsTheOutcomeWhenThePolicySaysKill() throws Exception {
    try (ScriptedEndpoint endpoint =
            new ScriptedEndpoint(
                peer -> {
                  ScriptedHandler handler = new ScriptedHandler(peer).begin();
                  handler.finish(error(418, "teapot " + peer.number()));
                });
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      assertThat(world.call("")).isEqualTo("418 teapot 4");
      assertThat(endpoint.exchanges()).isEqualTo(4);
    }
  }

  @Test
  void theInvocationIsPausedWhenThePolicySaysPause() throws Exception {
    ServiceOptions pausing =
        new ServiceOptions(
            null, null, null, null, null, null, null, null, null, null, 2, OnMaxAttempts.PAUSE);
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(saying(error(500, "not today")));
        InvokerWorld world =
            new InvokerWorld().serving(endpoint.uri(), ProtocolMode.BIDI_STREAM, 7, pausing)) {
      world.invoke("Svc", "go", "", "");
      InvokerWorld.await("paused", () -> !world.host().pauses().isEmpty());
      assertThat(world.host().pauses()).containsExactly("RT0007: not today");
      assertThat(endpoint.exchanges()).isEqualTo(2);
    }
  }

  @Test
  void aDelayThatTheEndpointNamesIsHonouredAndCounted() throws Exception {
    ErrorMessage error =
        ErrorMessage.newBuilder().setCode(500).setMessage("later").setNextRetryDelay(1).build();
    ServiceOptions slow =
        new ServiceOptions(
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Duration.ofHours(1),
            Duration.ofHours(1),
            null,
            3,
            OnMaxAttempts.KILL);
    ScriptedEndpoint.Script script =
        peer -> {
          if (peer.number() == 1) {
            peer.head(503, "retry-after", "0");
            peer.end();
          } else {
            saying(bytes(MessageType.ERROR, error)).play(peer);
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world =
            new InvokerWorld().serving(endpoint.uri(), ProtocolMode.BIDI_STREAM, 7, slow)) {
      assertThat(world.call("")).isEqualTo("500 later");
      assertThat(endpoint.exchanges()).isEqualTo(3);
    }
  }

  @Test
  void theHandlerIsToldHowOftenItWasTriedSinceTheJournalGrew() throws Exception {
    List<Integer> retries = new CopyOnWriteArrayList<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          retries.add(handler.start().getRetryCountSinceLastStoredEntry());
          switch (peer.number()) {
            case 3 -> handler.finish(run(1), error(500, "after a step was begun"));
            case 4 -> handler.finish(output("enough"), end());
            default -> handler.finish(error(500, "no progress"));
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      assertThat(world.call("")).isEqualTo("enough");
      assertThat(retries).containsExactly(0, 1, 2, 1);
    }
  }

  @Test
  void whatWasSaidBeforeAFailureIsToldAgain() throws Exception {
    CompletableFuture<List<String>> told = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          if (peer.number() == 1) {
            handler.say(run(1), proposal(1, "one"));
            handler.await(MessageType.RUN_COMPLETION);
            handler.sayOneByOne(run(2));
            peer.reset();
          } else {
            told.complete(handler.journalTypes());
            handler.finish(proposal(2, "two"), output("both"), end());
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      assertThat(world.call("")).isEqualTo("both");
      assertThat(told.get(1, TimeUnit.SECONDS)).containsExactly("Input", "Run", "Run", "Run");
    }
  }

  @Test
  void theNextAttemptBeginsOnlyAfterTheLastOnesProposalsAreAnswered() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          if (peer.number() == 1) {
            handler.sayOneByOne(sleep(1, 0));
            peer.reset();
          } else {
            handler.finish(output("told " + handler.journal().size()), end());
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      world.host().answering(false);
      CompletableFuture<?> outcome = world.invoke("Svc", "go", "", "");
      InvokerWorld.await("proposed", () -> !world.host().proposals().isEmpty());
      CompletableFuture<?> later = new CompletableFuture<>();
      // Far beyond the delay of the retry policy.
      world.loop().schedule(Duration.ofMillis(100), () -> later.complete(null));
      later.get(5, TimeUnit.SECONDS);
      assertThat(endpoint.exchanges()).isEqualTo(1);
      assertThat(outcome).isNotDone();

      world.host().answering(true);
      outcome.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
      assertThat(endpoint.exchanges()).isEqualTo(2);
      assertThat(world.host().proposals().get(0).statements())
          .hasExactlyElementsOfTypes(Statement.Journaled.class);
    }
  }

  @Test
  void withoutADeploymentTheInvocationBacksOffAndSaysWhy() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptTest::echo);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      var invocation = world.invocation("Svc", "go", "", "found");
      world.forgetDeployments();
      CompletableFuture<?> outcome = world.invoke(invocation);
      InvokerWorld.await("backing off", () -> world.counters().failures().containsKey("RT0011"));
      world.serving(endpoint);
      assertThat(outcome.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void connectionsThatCloseUnderManyAttemptsLoseNothing() throws Exception {
    int calls = 200;
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptTest::echo);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      List<CompletableFuture<dev.reprise.storage.model.Outcome>> outcomes =
          new CopyOnWriteArrayList<>();
      for (int i = 0; i < calls; i++) {
        outcomes.add(world.invoke("Svc", "go", "", "call " + i));
        if (i % 70 == 50) {
          InvokerWorld.await("some run", () -> endpoint.exchanges() > 0);
          endpoint.closeConnections();
        }
      }
      for (int i = 0; i < calls; i++) {
        assertThat(InvokerWorld.text(outcomes.get(i))).isEqualTo("call " + i);
      }
    }
  }
}
