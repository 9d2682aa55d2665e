package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.bytes;
import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static dev.reprise.server.invoker.ScriptedHandler.run;
import static dev.reprise.server.invoker.ScriptedHandler.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.AwaitingOnMessage;
import dev.reprise.api.protocol.CombinatorType;
import dev.reprise.api.protocol.Future;
import dev.reprise.api.protocol.SuspensionMessage;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Awaiting.Combinator;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What only version 7 of the service protocol has. */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class VersionSevenTest {
  private static InvokerOptions options() {
    return InvokerOptions.DEFAULTS
        .withProtocolVersion(7)
        .withServiceDefaults(InvokerWorld.IMPATIENT.over(ServiceOptions.DEFAULTS));
  }

  private static Future leaf(int completion) {
    return Future.newBuilder()
        .addWaitingCompletions(completion)
        .setCombinatorType(CombinatorType.ALL_COMPLETED)
        .build();
  }

  @Test
  void versionSevenIsSpokenOnlyWhereBothSidesWantTo() throws Exception {
    CompletableFuture<String> spoken = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          spoken.complete(String.valueOf(peer.header("content-type")));
          AttemptTest.echo(peer);
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld(options()).serving(endpoint)) {
      world.call("");
      assertThat(spoken.get(1, TimeUnit.SECONDS))
          .isEqualTo("application/vnd.restate.invocation.v7");
      world.serving(endpoint.uri(), ProtocolMode.BIDI_STREAM, 6, ServiceOptions.SILENT);
      world.call("");
      assertThat(world.host().proposals().getLast().pin())
          .extracting(pin -> pin == null ? 0 : pin.protocolVersion())
          .isEqualTo(6);
    }
  }

  @Test
  void aSuspensionCarriesItsTree() throws Exception {
    Future tree =
        Future.newBuilder()
            .addWaitingSignals(1)
            .addWaitingNamedSignals("go")
            .setCombinatorType(CombinatorType.FIRST_COMPLETED)
            .addNestedFutures(leaf(1))
            .addNestedFutures(leaf(2))
            .build();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          if (peer.number() == 1) {
            handler.say(sleep(1, 0), sleep(2, Long.MAX_VALUE));
            SuspensionMessage last = SuspensionMessage.newBuilder().setAwaitingOn(tree).build();
            handler.finish(bytes(MessageType.SUSPENSION, last));
          } else {
            handler.finish(output("woken"), end());
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld(options()).serving(endpoint)) {
      assertThat(world.call("")).isEqualTo("woken");
      assertThat(world.host().proposals())
          .flatExtracting(Command.AttemptSaid::statements)
          .contains(
              new Statement.Suspended(
                  new Awaiting(
                      Combinator.FIRST_COMPLETED,
                      List.of(),
                      List.of(1),
                      List.of("go"),
                      List.of(
                          new Awaiting(
                              Combinator.ALL_COMPLETED,
                              List.of(1),
                              List.of(),
                              List.of(),
                              List.of()),
                          new Awaiting(
                              Combinator.ALL_COMPLETED,
                              List.of(2),
                              List.of(),
                              List.of(),
                              List.of())))));
    }
  }

  @Test
  void futuresAreTakenAsDeepAsTheyMayBe() throws Exception {
    ScriptedEndpoint.Script script =
        peer ->
            new ScriptedHandler(peer)
                .begin()
                .finish(ScriptedHandler.nestedSuspension(Awaiting.DEPTH_LIMIT));
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld(options()).serving(endpoint)) {
      world.invoke("Svc", "go", "", "");
      InvokerWorld.await("suspended", () -> !world.host().proposals().isEmpty());
      assertThat(world.host().proposals().get(0).statements())
          .hasExactlyElementsOfTypes(Statement.Suspended.class);
      assertThat(world.counters().failures()).isEmpty();
    }
  }

  @Test
  void futuresNestedTooDeepPauseTheInvocation() throws Exception {
    ScriptedEndpoint.Script script =
        peer -> {
          new ScriptedHandler(peer)
              .begin()
              .say(ScriptedHandler.nestedSuspension(Awaiting.DEPTH_LIMIT + 1));
          peer.awaitOver();
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld(options()).serving(endpoint)) {
      world.invoke("Svc", "go", "", "");
      InvokerWorld.await("paused", () -> !world.host().pauses().isEmpty());
      assertThat(world.host().pauses().get(0)).startsWith("RT0025: Expected futures nested");
      assertThat(endpoint.exchanges()).isEqualTo(1);
    }
  }

  @Test
  void whatAnAttemptWaitsForIsToldToPeople() throws Exception {
    CompletableFuture<Void> go = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          handler.say(
              run(1),
              bytes(
                  MessageType.AWAITING_ON,
                  AwaitingOnMessage.newBuilder().setAwaitingOn(leaf(1)).build()));
          go.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
          handler.finish(output("x"), end());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld(options()).serving(endpoint)) {
      NewInvocation invocation = world.invocation("Svc", "go", "", "");
      CompletableFuture<Outcome> outcome = world.invoke(invocation);
      InvokerWorld.await("said", () -> world.counters().frames() == 2);
      assertThat(String.valueOf(world.activity(invocation.id())))
          .contains("waits for ALL_COMPLETED of completions [1]");
      go.complete(null);
      assertThat(InvokerWorld.text(outcome)).isEqualTo("x");
    }
  }
}
