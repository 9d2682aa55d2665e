package dev.reprise.server.invoker;

import static dev.reprise.server.invoker.ScriptedHandler.bytes;
import static dev.reprise.server.invoker.ScriptedHandler.call;
import static dev.reprise.server.invoker.ScriptedHandler.end;
import static dev.reprise.server.invoker.ScriptedHandler.error;
import static dev.reprise.server.invoker.ScriptedHandler.output;
import static dev.reprise.server.invoker.ScriptedHandler.proposal;
import static dev.reprise.server.invoker.ScriptedHandler.run;
import static dev.reprise.server.invoker.ScriptedHandler.sleep;
import static dev.reprise.server.invoker.ScriptedHandler.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.AttachInvocationCommandMessage;
import dev.reprise.api.protocol.AwaitingOnMessage;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.CompleteAwakeableCommandMessage;
import dev.reprise.api.protocol.Future;
import dev.reprise.api.protocol.GetPromiseCommandMessage;
import dev.reprise.api.protocol.IdempotentRequestTarget;
import dev.reprise.api.protocol.SendSignalCommandMessage;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.SuspensionMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.api.protocol.Void;
import dev.reprise.api.protocol.WorkflowTarget;
import dev.reprise.cluster.routing.AwakeableId;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.InvocationId;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever an endpoint gets wrong ends that attempt only, and is followed by a good one. */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class BadAttemptTest {
  private static byte[] header(int type, long length) {
    return ByteBuffer.allocate(8).putLong((long) type << 48 | length).array();
  }

  private static final String SOMEBODY = "inv_1d20mNM8pN2e7z1J57y9YwrgEPka5mvVVC";

  /** A good frame, and what is changed in it. */
  private interface Frame<B> {
    byte[] apply(Consumer<B> change);
  }

  private static byte[] promise(int id) {
    return bytes(
        MessageType.GET_PROMISE,
        GetPromiseCommandMessage.newBuilder().setKey("p").setResultCompletionId(id).build());
  }

  private static byte[] awakeable(String id) {
    return bytes(
        MessageType.COMPLETE_AWAKEABLE,
        CompleteAwakeableCommandMessage.newBuilder()
            .setAwakeableId(id)
            .setValue(Value.getDefaultInstance())
            .build());
  }

  private static Arguments bad(String name, String code, ScriptedEndpoint.Script script) {
    return Arguments.of(name, code, script);
  }

  static Stream<Arguments> badAttempts() {
    byte[] setState =
        bytes(
            MessageType.SET_STATE,
            SetStateCommandMessage.newBuilder().setKey(ByteString.copyFromUtf8("k")).build());
    byte[] noKey =
        bytes(
            MessageType.CALL,
            CallCommandMessage.newBuilder()
                .setServiceName("Obj")
                .setHandlerName("go")
                .setIdempotencyKey("")
                .setInvocationIdNotificationIdx(1)
                .setResultCompletionId(2)
                .build());
    byte[] empty = bytes(MessageType.SUSPENSION, SuspensionMessage.getDefaultInstance());
    byte[] awaitingOn =
        bytes(
            MessageType.AWAITING_ON,
            AwaitingOnMessage.newBuilder()
                .setAwaitingOn(Future.newBuilder().addWaitingSignals(1))
                .build());
    Frame<SendSignalCommandMessage.Builder> signal =
        change -> {
          var message =
              SendSignalCommandMessage.newBuilder()
                  .setTargetInvocationId(SOMEBODY)
                  .setVoid(Void.getDefaultInstance());
          change.accept(message);
          return bytes(MessageType.SEND_SIGNAL, message.build());
        };
    Frame<AttachInvocationCommandMessage.Builder> attach =
        change -> {
          var message = AttachInvocationCommandMessage.newBuilder().setResultCompletionId(1);
          change.accept(message);
          return bytes(MessageType.ATTACH_INVOCATION, message.build());
        };
    AwakeableId builtIn = new AwakeableId(InvocationId.parse(SOMEBODY), 16);
    return Stream.of(
        bad("status 500", "RT0012", peer -> answer(peer, 500)),
        bad("status 404", "RT0012", peer -> answer(peer, 404)),
        bad("status 415", "RT0015", peer -> answer(peer, 415)),
        bad("status 413", "RT0019", peer -> answer(peer, 413)),
        bad("status 502", "RT0010", peer -> answer(peer, 502)),
        bad("status 503", "RT0023", peer -> answer(peer, 503)),
        bad("no content-type", "RT0012", peer -> answer(peer, 200)),
        bad(
            "another content-type",
            "RT0012",
            peer -> {
              peer.head(200, "content-type", "application/vnd.restate.invocation.v6; a=b");
              peer.end();
            }),
        bad("reset before the head", "RT0010", ScriptedEndpoint.Peer::reset),
        bad("connection closed", "RT0010", ScriptedEndpoint.Peer::closeConnection),
        bad(
            "closed in the middle of a frame",
            "RT0010",
            peer -> {
              ScriptedHandler handler = new ScriptedHandler(peer).begin();
              handler.sayOneByOne(java.util.Arrays.copyOf(output("half of it"), 12));
              peer.closeConnection();
            }),
        bad(
            "ended without a last word",
            "RT0007",
            peer -> {
              new ScriptedHandler(peer).begin().say(output("x"));
              peer.end();
            }),
        bad(
            "a frame of two gigabytes",
            "RT0003",
            AttemptFailureTest.saying(header(MessageType.OUTPUT, 2L << 30))),
        bad(
            "a frame of 33 MiB",
            "RT0003",
            AttemptFailureTest.saying(header(MessageType.OUTPUT, 33L << 20))),
        bad("a custom frame", "RT0012", AttemptFailureTest.saying(bytes(0xFC01, new byte[3]))),
        bad(
            "an unknown control frame",
            "RT0012",
            AttemptFailureTest.saying(bytes(0x0099, new byte[0]))),
        bad("an unknown command", "RT0012", AttemptFailureTest.saying(bytes(0x040F, new byte[0]))),
        bad(
            "a notification",
            "RT0012",
            AttemptFailureTest.saying(bytes(MessageType.RUN_COMPLETION, new byte[0]))),
        bad(
            "a signal",
            "RT0012",
            AttemptFailureTest.saying(bytes(MessageType.SIGNAL, new byte[0]))),
        bad("a start", "RT0012", AttemptFailureTest.saying(bytes(MessageType.START, new byte[0]))),
        bad("an input", "RT0012", AttemptFailureTest.saying(bytes(MessageType.INPUT, new byte[0]))),
        bad(
            "an acknowledgement",
            "RT0012",
            AttemptFailureTest.saying(bytes(MessageType.COMMAND_ACK, new byte[0]))),
        bad(
            "not protobuf",
            "RT0012",
            AttemptFailureTest.saying(bytes(MessageType.OUTPUT, new byte[] {1, 2, 3}))),
        bad("an end without output", "RT0012", AttemptFailureTest.saying(end())),
        bad("an empty suspension", "RT0012", AttemptFailureTest.saying(empty)),
        bad("a suspension on nothing known", "RT0012", AttemptFailureTest.saying(suspension(9))),
        bad("a second last word", "RT0012", AttemptFailureTest.saying(output("x"), end(), end())),
        bad("a completion id of 0", "RT0012", AttemptFailureTest.saying(run(0))),
        bad("a completion id twice", "RT0012", AttemptFailureTest.saying(run(1), sleep(1, 0))),
        bad(
            "a result for no run",
            "RT0012",
            AttemptFailureTest.saying(sleep(1, 0), proposal(1, "x"))),
        bad(
            "a result twice",
            "RT0012",
            AttemptFailureTest.saying(run(1), proposal(1, "x"), proposal(1, "y"))),
        bad(
            "a run without result",
            "RT0012",
            AttemptFailureTest.saying(
                run(1), bytes(MessageType.PROPOSE_RUN_COMPLETION, new byte[] {8, 1}))),
        bad("state of a service", "RT0017", AttemptFailureTest.saying(setState)),
        bad(
            "a call of nobody",
            "RT0018",
            AttemptFailureTest.saying(call("Nobody", "go", "", "", 1))),
        bad(
            "a call of no handler",
            "RT0018",
            AttemptFailureTest.saying(call("Obj", "went", "k", "", 1))),
        bad(
            "a key for a service",
            "RT0017",
            AttemptFailureTest.saying(call("Svc", "go", "k", "", 1))),
        bad("an empty idempotency key", "RT0017", AttemptFailureTest.saying(noKey)),
        bad("a promise of a service", "RT0017", AttemptFailureTest.saying(promise(1))),
        bad("AwaitingOn before version 7", "RT0012", AttemptFailureTest.saying(awaitingOn)),
        bad(
            "a signal to nobody",
            "RT0017",
            AttemptFailureTest.saying(bytes(MessageType.SEND_SIGNAL, new byte[0]))),
        bad(
            "a signal without a number",
            "RT0012",
            AttemptFailureTest.saying(signal.apply(b -> b.setIdx(0)))),
        bad(
            "a signal without a name",
            "RT0012",
            AttemptFailureTest.saying(signal.apply(b -> b.setName("")))),
        bad("no signal at all", "RT0012", AttemptFailureTest.saying(signal.apply(b -> {}))),
        bad(
            "a signal without result",
            "RT0012",
            AttemptFailureTest.saying(signal.apply(b -> b.setIdx(1).clearVoid()))),
        bad("an awakeable of nobody", "RT0017", AttemptFailureTest.saying(awakeable("prom_1abc"))),
        bad(
            "an awakeable below 17",
            "RT0017",
            AttemptFailureTest.saying(awakeable(builtIn.toString()))),
        bad("an attach to nothing", "RT0012", AttemptFailureTest.saying(attach.apply(b -> {}))),
        bad(
            "an attach to no id",
            "RT0017",
            AttemptFailureTest.saying(attach.apply(b -> b.setInvocationId("inv_1")))),
        bad(
            "an attach without idempotency key",
            "RT0017",
            AttemptFailureTest.saying(
                attach.apply(
                    b ->
                        b.setIdempotentRequestTarget(
                            IdempotentRequestTarget.newBuilder()
                                .setServiceName("Svc")
                                .setHandlerName("go"))))),
        bad(
            "an attach in a scope that cannot be",
            "RT0017",
            AttemptFailureTest.saying(
                attach.apply(
                    b ->
                        b.setWorkflowTarget(
                            WorkflowTarget.newBuilder().setWorkflowName("Flow").setScope(""))))),
        bad(
            "an attach without completion id",
            "RT0012",
            AttemptFailureTest.saying(
                attach.apply(
                    b ->
                        b.setResultCompletionId(0)
                            .setWorkflowTarget(
                                WorkflowTarget.newBuilder().setWorkflowName("Flow"))))),
        bad(
            "a journal mismatch",
            "RT0016",
            AttemptFailureTest.saying(error(570, "journal mismatch"))),
        bad("an error of the handler", "RT0007", AttemptFailureTest.saying(error(500, "oh no"))));
  }

  private static void answer(ScriptedEndpoint.Peer peer, int status) {
    peer.head(status);
    peer.end();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badAttempts")
  void aBadAttemptIsFollowedByAGoodOne(String name, String code, ScriptedEndpoint.Script script)
      throws Exception {
    ScriptedEndpoint.Script first =
        peer -> {
          if (peer.number() == 1) {
            script.play(peer);
          } else {
            AttemptTest.echo(peer);
          }
        };
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(first);
        InvokerWorld world = new InvokerWorld().serving(endpoint)) {
      assertThat(world.call("good")).isEqualTo("good");
      assertThat(world.counters().failures()).containsOnlyKeys(code).containsValue(1L);
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
      InvokerWorld.await("all exchanges over", () -> world.onLoop(world.endpoints()::streams) == 0);
      assertThat(endpoint.mishaps()).isEmpty();
    }
  }
}
