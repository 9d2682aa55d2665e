package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.bytes;
import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static dev.reprise.server.invoker.ScriptedHandler.proposal;
import static dev.reprise.server.invoker.ScriptedHandler.run;
import static dev.reprise.server.invoker.ScriptedHandler.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.Bytes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** How much of a journal and of state is told at once, and how large frames are taken. */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class ReplayBoundsTest {
  static byte[] setState(String key, int size) {
    Value value = Value.newBuilder().setContent(ByteString.copyFrom(new byte[size])).build();
    return bytes(
        MessageType.SET_STATE,
        SetStateCommandMessage.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(value)
            .build());
  }

  @Test
  void aLongJournalIsToldUnderFlowControl() throws Exception {
    int steps = 600;
    String result = "r".repeat(8 << 10);
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          if (peer.number() == 1) {
            byte[][] said = new byte[2 * steps][];
            for (int i = 0; i < steps; i++) {
              said[2 * i] = run(i + 1);
              said[2 * i + 1] = proposal(i + 1, result);
            }
            handler.say(said);
            for (int i = 0; i < steps; i++) {
              handler.await(MessageType.RUN_COMPLETION);
            }
            peer.reset();
          } else {
            handler.finish(output("told " + handler.journal().size()), end());
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      assertThat(world.call("")).isEqualTo("told " + (2 * steps + 1));
      assertThat(world.counters().failures()).containsOnlyKeys("RT0010");
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
    }
  }

  @Test
  void aCommandBeforeTheWholeReplayIsToldIsRefused() throws Exception {
    int steps = 400;
    String result = "r".repeat(8 << 10);
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer);
          if (peer.number() == 2) {
            // Nothing is read here, so that the replay does not fit into the window.
            handler.accept();
            peer.stopReading();
            handler.say(sleep(10_000, 0));
            peer.awaitOver();
            return;
          }
          handler.begin();
          if (peer.number() == 1) {
            for (int i = 0; i < steps; i++) {
              handler.say(run(i + 1), proposal(i + 1, result));
              handler.await(MessageType.RUN_COMPLETION);
            }
            peer.reset();
          } else {
            handler.finish(output("told " + handler.journal().size()), end());
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      assertThat(world.call("")).isEqualTo("told " + (2 * steps + 1));
      assertThat(world.counters().failures()).containsOnlyKeys("RT0010", "RT0012");
    }
  }

  @Test
  void aLargeFrameIsReadInPieces() throws Exception {
    String large = "x".repeat(9 << 20);
    ScriptedEndpoint.Script script =
        peer -> new ScriptedHandler(peer).begin().finish(output(large), end());
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      assertThat(world.call("")).isEqualTo(large);
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
    }
  }

  @Test
  void stateIsToldAtTheStartAsFarAsThereIsMemory() throws Exception {
    CompletableFuture<StartMessage> small = new CompletableFuture<>();
    CompletableFuture<StartMessage> large = new CompletableFuture<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          (handler.start().getKey().equals("small") ? small : large).complete(handler.start());
          handler.finish(output("x"), end());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      world.host().state("Obj/small", "a", Bytes.utf8("1"));
      for (int i = 0; i < 8; i++) {
        world.host().state("Obj/large", "key " + i, Bytes.of(new byte[100 << 10]));
      }
      InvokerWorld.text(world.invoke("Obj", "look", "small", ""));
      InvokerWorld.text(world.invoke("Obj", "go", "large", ""));
      assertThat(small.join().getStateMapList()).hasSize(1);
      assertThat(small.join().getPartialState()).isFalse();
      assertThat(large.join().getStateMapList()).hasSize(8);
      assertThat(large.join().getPartialState()).isFalse();

      // All but what an attempt needs to begin, and a little more.
      world.memory().take(world.memoryLimit() - (300 << 10));
      CompletableFuture<StartMessage> poor = new CompletableFuture<>();
      endpoint.script(
          peer -> {
            ScriptedHandler handler = new ScriptedHandler(peer).begin();
            poor.complete(handler.start());
            handler.finish(output("x"), end());
          });
      InvokerWorld.text(world.invoke("Obj", "go", "large", ""));
      assertThat(poor.join().getPartialState()).isTrue();
      assertThat(poor.join().getStateMapList()).hasSize(2);
      world.memory().give(world.memoryLimit() - (300 << 10));
    }
  }

  @Test
  void lazyStateIsNotToldAndServicesHaveNone() throws Exception {
    ServiceOptions lazy =
        new ServiceOptions(null, null, null, null, null, true, null, null, null, null, null, null);
    List<StartMessage> starts = new CopyOnWriteArrayList<>();
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          starts.add(handler.start());
          handler.finish(output("x"), end());
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world =
            new InvokerWorld().serving(endpoint.uri(), ProtocolMode.BIDI_STREAM, 7, lazy)) {
      world.host().state("Obj/k", "a", Bytes.utf8("1"));
      InvokerWorld.text(world.invoke("Obj", "go", "k", ""));
      InvokerWorld.text(world.invoke("Svc", "go", "", ""));
      assertThat(starts).allMatch(StartMessage::getPartialState);
      assertThat(starts).allMatch(start -> start.getStateMapCount() == 0);
    }
  }
}
