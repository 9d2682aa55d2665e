package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.call;
import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static dev.reprise.server.invoker.ScriptedHandler.proposal;
import static dev.reprise.server.invoker.ScriptedHandler.run;
import static dev.reprise.server.invoker.ScriptedHandler.sleep;
import static dev.reprise.server.invoker.ScriptedHandler.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.NewInvocation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one attempt says, and in how many commands. */
class AttemptTest {
  private static final int STEPS = 10;

  /** Echoes its input. */
  static void echo(ScriptedEndpoint.Peer peer) throws Exception {
    ScriptedHandler handler = new ScriptedHandler(peer).begin();
    handler.finish(output(handler.input()), end());
  }

  @Test
  void anEchoIsOneCommand() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptTest::echo);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      assertThat(world.call("hello")).isEqualTo("hello");
      assertThat(world.host().proposals()).hasSize(1);
      assertThat(world.host().proposals().get(0).statements())
          .hasExactlyElementsOfTypes(Statement.Journaled.class, Statement.Ended.class);
    }
  }

  @Test
  void anEchoIsOneCommandAlsoWhenEachFrameComesAlone() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          handler.sayOneByOne(output(handler.input()), end());
          handler.awaitEnd();
          peer.end();
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      assertThat(world.call("hello")).isEqualTo("hello");
      assertThat(world.host().proposals()).hasSize(1);
    }
  }

  @Test
  void tenStepsAreElevenCommandsHoweverTheirFramesCome() throws Exception {
    for (boolean oneByOne : List.of(false, true)) {
      ScriptedEndpoint.Script script =
          peer -> {
            ScriptedHandler handler = new ScriptedHandler(peer).begin();
            for (int step = 1; step <= STEPS; step++) {
              byte[][] frames = {run(step), proposal(step, "done " + step)};
              if (oneByOne) {
                handler.sayOneByOne(frames);
              } else {
                handler.say(frames);
              }
              handler.await(MessageType.RUN_COMPLETION);
            }
            handler.finish(output("all done"), end());
          };
      try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
          InvokerWorld world = new InvokerWorld().serving(endpoint)) {
        assertThat(world.call("")).isEqualTo("all done");
        assertThat(world.host().proposals()).hasSize(STEPS + 1);
      }
    }
  }

  @Test
  void theRequestHasExactlyTheHeadersOfTheProtocol() throws Exception {
    CompletableFuture<List<String>> seen = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          seen.complete(
              List.of(
                  peer.path(),
                  peer.header("content-type") + "",
                  peer.header("accept") + "",
                  peer.header("x-restate-invocation-id") + "",
                  peer.header("x-restate-service-key") + "",
                  peer.header("x-restate-cluster-name") + "",
                  peer.header("x-extra") + ""));
          echo(peer);
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world =
            new InvokerWorld()
                .serving(
                    endpoint.uri() + "pre/fix/?q=1",
                    ProtocolMode.BIDI_STREAM,
                    7,
                    ServiceOptions.SILENT)) {
      NewInvocation invocation = world.invocation("Obj", "go", "k/a bü", "x");
      InvokerWorld.text(world.invoke(invocation));
      assertThat(seen.get(1, TimeUnit.SECONDS))
          .containsExactly(
              "/pre/fix/invoke/Obj/go?q=1",
              "application/vnd.restate.invocation.v6",
              "application/vnd.restate.invocation.v6",
              invocation.id().toString(),
              "k%2Fa%20b%C3%BC",
              "localcluster",
              "yes");
    }
  }

  @Test
  void anEndpointThatSpeaksVersionFiveIsSpokenToInVersionFive() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptTest::echo);
        InvokerWorld world =
            new InvokerWorld()
                .serving(endpoint.uri(), ProtocolMode.BIDI_STREAM, 5, ServiceOptions.SILENT)) {
      assertThat(world.call("old")).isEqualTo("old");
      assertThat(world.host().proposals().get(0).pin())
          .extracting(pin -> pin == null ? 0 : pin.protocolVersion())
          .isEqualTo(5);
    }
  }

  @Test
  void aCallIsMadeAndItsOutcomeComesBack() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          if (handler.input().equals("inner")) {
            handler.finish(output("from inside"), end());
            return;
          }
          handler.say(call("Obj", "go", "a key", "inner", 1));
          handler.await(MessageType.CALL_INVOCATION_ID);
          ScriptedHandler.Frame answer = handler.await(MessageType.CALL_COMPLETION);
          handler.finish(output("outer got " + answer.payload().length + " bytes"), end());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      assertThat(world.call("outer")).isEqualTo("outer got 17 bytes");
    }
  }

  @Test
  void aSleepSuspendsAndTheNextAttemptIsToldTheWholeJournal() throws Exception {
    CompletableFuture<List<String>> told = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          if (handler.replayed(MessageType.SLEEP_COMPLETION)) {
            told.complete(handler.journalTypes());
            handler.finish(output("slept"), end());
            return;
          }
          handler.say(sleep(1, System.currentTimeMillis() + 100));
          handler.finish(suspension(1));
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      assertThat(world.call("")).isEqualTo("slept");
      assertThat(told.get(1, TimeUnit.SECONDS)).containsExactly("Input", "Sleep", "Sleep");
      assertThat(world.host().proposals().stream().map(Command.AttemptSaid::attempt).distinct())
          .hasSize(2);
      assertThat(world.counters().failures()).isEmpty();
    }
  }

  @Test
  void theRequestEndsAsSoonAsTheLastWordIsRead() throws Exception {
    // finish() waits for the request's end before it ends the response: else it would never return.
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptTest::echo);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      world.call("x");
      InvokerWorld.await("the exchange is over", () -> world.endpoints().connections() == 1);
      assertThat(endpoint.mishaps()).isEmpty();
    }
  }

  @Test
  void inRequestResponseModeTheRequestEndsAfterTheReplay() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          handler.awaitEnd();
          if (handler.replayed(MessageType.RUN_COMPLETION)) {
            handler.finish(output("in two attempts"), end());
          } else {
            handler.finish(run(1), proposal(1, "once"), suspension(1));
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world =
            new InvokerWorld()
                .serving(endpoint.uri(), ProtocolMode.REQUEST_RESPONSE, 7, ServiceOptions.SILENT)) {
      assertThat(world.call("")).isEqualTo("in two attempts");
      assertThat(endpoint.exchanges()).isEqualTo(2);
    }
  }
}
