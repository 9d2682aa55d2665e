package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.call;
import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static dev.reprise.server.invoker.ScriptedHandler.sleep;
import static dev.reprise.server.invoker.ScriptedHandler.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.CommandAckMessage;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.partition.Invoker.Room;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bounds on what runs, waits and is held, and what happens at them. */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class AttemptBoundsTest {
  private static InvokerOptions options() {
    return InvokerOptions.DEFAULTS.withServiceDefaults(
        InvokerWorld.IMPATIENT.over(ServiceOptions.DEFAULTS));
  }

  /** Calls itself until the depth that its input names is reached. */
  private static void descend(ScriptedEndpoint.Peer peer) throws Exception {
    ScriptedHandler handler = new ScriptedHandler(peer).begin();
    int depth = Integer.parseInt(handler.input());
    if (depth == 0) {
      handler.finish(output("bottom"), end());
    } else if (handler.replayed(MessageType.CALL_COMPLETION)) {
      handler.finish(output("back from " + (depth - 1)), end());
    } else {
      if (!handler.replayed(MessageType.CALL)) {
        handler.say(call("Svc", "go", "", "" + (depth - 1), 1));
      }
      while (true) {
        ScriptedHandler.Frame next = handler.read();
        if (next.type() == MessageType.CALL_COMPLETION) {
          handler.finish(output("back from " + (depth - 1)), end());
          return;
        }
        if (next.isEnd()) {
          handler.finish(suspension(2));
          return;
        }
      }
    }
  }

  @Test
  void callTreesDeeperThanThePlacesDoNotLockUp() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptBoundsTest::descend);
        InvokerWorld world = new InvokerWorld(options().withAttempts(2, 100)).serving(endpoint)) {
      assertThat(world.call("6")).isEqualTo("back from 5");
      assertThat(world.counters().askedToSuspend()).isGreaterThanOrEqualTo(4);
      assertThat(world.counters().failures()).isEmpty();
      assertThat(endpoint.mishaps()).isEmpty();
    }
  }

  @Test
  void attemptsBeyondThePlacesWaitInOrderAndSaySo() throws Exception {
    CompletableFuture<Void> go = new CompletableFuture<>();
    List<String> order = new CopyOnWriteArrayList<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          go.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
          order.add(handler.input());
          handler.finish(output(handler.input()), end());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld(options().withAttempts(1, 4)).serving(endpoint)) {
      List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
      List<NewInvocation> invocations = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        NewInvocation invocation = world.invocation("Svc", "go", "", "" + i);
        invocations.add(invocation);
        outcomes.add(world.invoke(invocation));
      }
      assertThat(world.onLoop(() -> world.invoker().room("Svc"))).isEqualTo(Room.FULL);
      assertThat(world.activity(invocations.get(0).id())).extracting("status").isEqualTo("running");
      assertThat(world.activity(invocations.get(4).id())).extracting("status").isEqualTo("ready");

      go.complete(null);
      for (CompletableFuture<Outcome> outcome : outcomes) {
        InvokerWorld.text(outcome);
      }
      assertThat(order).containsExactly("0", "1", "2", "3", "4");
      assertThat(world.onLoop(world.host()::timesRoomAgain)).isEqualTo(1);
      assertThat(world.onLoop(() -> world.invoker().room("Svc"))).isEqualTo(Room.FREE);
    }
  }

  @Test
  void servicesTakeTurnsInThePlaces() throws Exception {
    CompletableFuture<Void> go = new CompletableFuture<>();
    List<String> order = new CopyOnWriteArrayList<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          go.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
          order.add(handler.input());
          handler.finish(output(handler.input()), end());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld(options().withAttempts(1, 100)).serving(endpoint)) {
      List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        outcomes.add(world.invoke("Svc", "go", "", "many " + i));
      }
      outcomes.add(world.invoke("Obj", "go", "k", "few 0"));
      outcomes.add(world.invoke("Obj", "go", "l", "few 1"));

      go.complete(null);
      for (CompletableFuture<Outcome> outcome : outcomes) {
        InvokerWorld.text(outcome);
      }
      assertThat(order.subList(0, 6))
          .containsExactly("many 0", "many 1", "few 0", "many 2", "few 1", "many 3");
    }
  }

  @Test
  void anAttemptThatIsSilentForTooLongIsAskedToSuspend() throws Exception {
    ServiceOptions hasty =
        new ServiceOptions(
            Duration.ofMillis(50),
            null,
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
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          if (handler.replayed(MessageType.SLEEP_COMPLETION)) {
            handler.finish(output("woken"), end());
          } else {
            handler.say(sleep(1, System.currentTimeMillis() + 300));
            handler.awaitEnd();
            handler.finish(suspension(1));
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world =
            new InvokerWorld().serving(endpoint.uri(), ProtocolMode.BIDI_STREAM, 7, hasty)) {
      assertThat(world.call("")).isEqualTo("woken");
      assertThat(endpoint.exchanges()).isEqualTo(2);
      assertThat(world.counters().failures()).isEmpty();
    }
  }

  @Test
  void aFrameThatWaitsForALaterOneIsProposedAfterAWhile() throws Exception {
    CompletableFuture<Void> go = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          handler.say(ReplayBoundsTest.setState("k", 1));
          go.get(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS);
          handler.finish(output("x"), end());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      CompletableFuture<Outcome> outcome = world.invoke("Obj", "go", "k", "");
      InvokerWorld.await("held long enough", () -> world.host().proposals().size() == 1);
      assertThat(world.host().proposals().get(0).statements())
          .hasExactlyElementsOfTypes(Statement.Journaled.class);
      go.complete(null);
      InvokerWorld.text(outcome);
      assertThat(world.host().proposals()).hasSize(2);
    }
  }

  @Test
  void aCommandThatAsksForItIsAcknowledgedOnceItIsDurable() throws Exception {
    CompletableFuture<Integer> acknowledged = new CompletableFuture<>();
    byte[] asking = ReplayBoundsTest.setState("k", 1);
    ByteBuffer header = ByteBuffer.wrap(asking);
    header.putLong(0, header.getLong(0) | MessageFraming.REQUESTED_ACK);
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          handler.say(ReplayBoundsTest.setState("j", 1), asking);
          ScriptedHandler.Frame ack = handler.await(MessageType.COMMAND_ACK);
          acknowledged.complete(CommandAckMessage.parseFrom(ack.payload()).getCommandIndex());
          handler.finish(output("x"), end());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      InvokerWorld.text(world.invoke("Obj", "go", "k", ""));
      assertThat(acknowledged).isCompletedWithValue(2);
    }
  }

  @Test
  void callsWaitUntilTheReceivingPartitionHasRoom() throws Exception {
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptBoundsTest::descend);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      world.host().outboxRoom(false);
      CompletableFuture<Outcome> outcome = world.invoke("Svc", "go", "", "1");
      InvokerWorld.await("the call is read", () -> world.counters().frames() == 1);
      assertThat(world.onLoop(() -> world.host().proposals().size())).isZero();
      world.host().outboxRoom(true);
      assertThat(InvokerWorld.text(outcome)).isEqualTo("back from 0");
    }
  }

  @Test
  void thePeersLimitOfStreamsIsRespected() throws Exception {
    int calls = 100;
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(AttemptTest::echo, 3);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < calls; i++) {
        outcomes.add(world.invoke("Svc", "go", "", "" + i));
      }
      for (int i = 0; i < calls; i++) {
        assertThat(InvokerWorld.text(outcomes.get(i))).isEqualTo("" + i);
      }
      assertThat(world.counters().failures()).isEmpty();
      assertThat(endpoint.connections()).isBetween(2, 16);
    }
  }
}
