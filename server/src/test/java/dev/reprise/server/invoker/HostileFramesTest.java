package dev.reprise.server.invoker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.AttachInvocationCommandMessage;
import dev.reprise.api.protocol.AwaitingOnMessage;
import dev.reprise.api.protocol.CompleteAwakeableCommandMessage;
import dev.reprise.api.protocol.CompletePromiseCommandMessage;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.Future;
import dev.reprise.api.protocol.GetEagerStateCommandMessage;
import dev.reprise.api.protocol.GetInvocationOutputCommandMessage;
import dev.reprise.api.protocol.GetLazyStateCommandMessage;
import dev.reprise.api.protocol.IdempotentRequestTarget;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.api.protocol.SendSignalCommandMessage;
import dev.reprise.api.protocol.SuspensionMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.api.protocol.Void;
import dev.reprise.api.protocol.WorkflowTarget;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.storage.model.Outcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever an endpoint sends, its own attempt ends and nothing else does. To repeat a run: {@code
 * -Dreprise.fuzz.seed=SEED}, and {@code -Dreprise.fuzz.sequences=N} for more of it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
class HostileFramesTest {
  private static final int SEQUENCES = Integer.getInteger("reprise.fuzz.sequences", 4_000);
  private static final int AT_ONCE = 48;
  private static final int HEALTHY_EVERY = 50;

  /** Frames of the whole model, nearly right. */
  private static final class Others {
    private static final String[] IDS = {
      "",
      "inv_1",
      "inv_1d20mNM8pN2e7z1J57y9YwrgEPka5mvVVC",
      "sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAEQ",
      "sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAAQ",
      "prom_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAEQ"
    };

    static String id(Random random) {
      return IDS[random.nextInt(IDS.length)];
    }

    static byte[] promise(Random random, int id) {
      int type = MessageType.GET_PROMISE + random.nextInt(3);
      CompletePromiseCommandMessage.Builder promise =
          CompletePromiseCommandMessage.newBuilder().setKey("p").setResultCompletionId(id);
      if (random.nextBoolean()) {
        promise.setCompletionValue(Value.getDefaultInstance());
      }
      return ScriptedHandler.bytes(type, promise.build());
    }

    static byte[] sendSignal(Random random, int id) {
      SendSignalCommandMessage.Builder signal =
          SendSignalCommandMessage.newBuilder().setTargetInvocationId(id(random)).setIdx(id);
      if (random.nextBoolean()) {
        signal.setName(random.nextBoolean() ? "" : "go");
      }
      if (random.nextInt(4) > 0) {
        signal.setVoid(Void.getDefaultInstance());
      }
      return ScriptedHandler.bytes(MessageType.SEND_SIGNAL, signal.build());
    }

    static byte[] completeAwakeable(Random random) {
      CompleteAwakeableCommandMessage.Builder awakeable =
          CompleteAwakeableCommandMessage.newBuilder().setAwakeableId(id(random));
      if (random.nextBoolean()) {
        awakeable.setValue(Value.getDefaultInstance());
      }
      return ScriptedHandler.bytes(MessageType.COMPLETE_AWAKEABLE, awakeable.build());
    }

    static byte[] attach(Random random, int id) {
      AttachInvocationCommandMessage.Builder attach =
          AttachInvocationCommandMessage.newBuilder().setResultCompletionId(id);
      switch (random.nextInt(4)) {
        case 0 -> attach.setInvocationId(id(random));
        case 1 ->
            attach.setIdempotentRequestTarget(
                IdempotentRequestTarget.newBuilder()
                    .setServiceName(random.nextBoolean() ? "Svc" : "Nobody")
                    .setHandlerName("go")
                    .setServiceKey(random.nextBoolean() ? "" : "k")
                    .setIdempotencyKey(random.nextBoolean() ? "" : "i"));
        case 2 ->
            attach.setWorkflowTarget(
                WorkflowTarget.newBuilder().setWorkflowName("Flow").setWorkflowKey("k"));
        default -> {}
      }
      return ScriptedHandler.bytes(MessageType.ATTACH_INVOCATION, attach.build());
    }

    static byte[] getOutput(Random random, int id) {
      return ScriptedHandler.bytes(
          MessageType.GET_INVOCATION_OUTPUT,
          GetInvocationOutputCommandMessage.newBuilder()
              .setInvocationId(id(random))
              .setResultCompletionId(id)
              .build());
    }

    static Future future(Random random, int id) {
      Future.Builder future =
          Future.newBuilder().setCombinatorTypeValue(random.nextInt(6)).addWaitingSignals(1);
      if (random.nextBoolean()) {
        future.addWaitingCompletions(id);
      }
      if (random.nextInt(3) == 0) {
        future.addNestedFutures(future(random, id));
      }
      if (random.nextInt(8) == 0) {
        future.addNestedFutures(Future.getDefaultInstance());
      }
      return future.build();
    }

    static byte[] awaitingOn(Random random, int id) {
      AwaitingOnMessage.Builder awaiting = AwaitingOnMessage.newBuilder();
      if (random.nextInt(4) > 0) {
        awaiting.setAwaitingOn(future(random, id));
      }
      return ScriptedHandler.bytes(MessageType.AWAITING_ON, awaiting.build());
    }

    static byte[] suspensionOnTree(Random random, int id) {
      return ScriptedHandler.bytes(
          MessageType.SUSPENSION,
          SuspensionMessage.newBuilder().setAwaitingOn(future(random, id)).build());
    }

    static byte[] nested(int depth) {
      return ScriptedHandler.nestedSuspension(depth);
    }

    static byte[] keptResult(int id) {
      byte[] proposal = ScriptedHandler.proposal(id, "kept");
      ByteBuffer header = ByteBuffer.wrap(proposal);
      header.putLong(0, header.getLong(0) | MessageFraming.REQUESTED_ACK);
      return proposal;
    }

    static byte[] state(Random random, int id) {
      return ScriptedHandler.bytes(
          MessageType.GET_LAZY_STATE + random.nextInt(7),
          GetLazyStateCommandMessage.newBuilder()
              .setKey(ByteString.copyFrom(new byte[] {(byte) random.nextInt(256)}))
              .setResultCompletionId(id)
              .build());
    }

    static byte[] error(Random random) {
      return ScriptedHandler.bytes(
          MessageType.ERROR,
          ErrorMessage.newBuilder()
              .setCode(random.nextInt())
              .setNextRetryDelay(random.nextInt(3))
              .setBehaviorValue(random.nextInt(4))
              .setRelatedCommandIndex(random.nextInt())
              .setRelatedCommandType(random.nextInt())
              .build());
    }
  }

  /** Sequences of frames, most of them nearly right. */
  private static final class Frames {
    private final Random random;

    Frames(long seed) {
      random = new Random(seed);
    }

    List<byte[]> sequence() {
      List<byte[]> frames = new ArrayList<>();
      int count = 1 + random.nextInt(8);
      for (int i = 0; i < count; i++) {
        frames.add(frame());
      }
      if (random.nextInt(3) > 0) {
        frames.add(ScriptedHandler.output("fuzzed"));
        frames.add(ScriptedHandler.end());
      }
      int spoiled = random.nextInt(3);
      for (int i = 0; i < spoiled; i++) {
        spoil(frames);
      }
      return cut(ScriptedHandler.join(frames.toArray(byte[][]::new)));
    }

    private byte[] frame() {
      int id = random.nextInt(6);
      return switch (random.nextInt(26)) {
        case 0 -> ScriptedHandler.output("x".repeat(random.nextInt(200)));
        case 1 -> ScriptedHandler.end();
        case 2, 3 -> ScriptedHandler.run(id);
        case 4, 5 -> ScriptedHandler.proposal(id, "result");
        case 6 -> ScriptedHandler.sleep(id, random.nextLong());
        case 7 -> ScriptedHandler.call("Obj", "go", "k" + id, "healthy", id);
        case 8 -> ScriptedHandler.suspension(id);
        case 9 -> ScriptedHandler.error(random.nextInt(), "fuzz");
        case 10 -> oneWay(id);
        case 11 ->
            ScriptedHandler.bytes(
                MessageType.GET_EAGER_STATE,
                GetEagerStateCommandMessage.newBuilder()
                    .setKey(ByteString.copyFromUtf8("k"))
                    .setVoid(Void.getDefaultInstance())
                    .build());
        case 14 -> Others.promise(random, id);
        case 15 -> Others.sendSignal(random, id);
        case 16 -> Others.completeAwakeable(random);
        case 17 -> Others.attach(random, id);
        case 18 -> Others.getOutput(random, id);
        case 19 -> Others.awaitingOn(random, id);
        case 20 -> Others.suspensionOnTree(random, id);
        case 21 -> Others.keptResult(id);
        case 22 -> Others.state(random, id);
        case 23 -> Others.nested(random.nextInt(random.nextInt(20) == 0 ? 1_200 : 20));
        case 24 -> Others.error(random);
        case 12 -> ScriptedHandler.bytes(0x0400 + random.nextInt(0x20), noise(12));
        case 13 -> ScriptedHandler.bytes(0x8000 + random.nextInt(0x8000), noise(12));
        default -> ScriptedHandler.bytes(random.nextInt(0x10000), noise(40));
      };
    }

    private static byte[] oneWay(int id) {
      return ScriptedHandler.bytes(
          MessageType.ONE_WAY_CALL,
          OneWayCallCommandMessage.newBuilder()
              .setServiceName("Obj")
              .setHandlerName("look")
              .setKey("k")
              .setInvocationIdNotificationIdx(id)
              .build());
    }

    private byte[] noise(int most) {
      byte[] noise = new byte[random.nextInt(most)];
      random.nextBytes(noise);
      return noise;
    }

    private void spoil(List<byte[]> frames) {
      int at = random.nextInt(frames.size());
      byte[] frame = frames.get(at).clone();
      if (frame.length < MessageFraming.HEADER_BYTES) {
        return;
      }
      switch (random.nextInt(6)) {
        case 0 -> frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        case 1 -> frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
        case 2 -> frames.add(frame);
        case 3 ->
            ByteBuffer.wrap(frame)
                .putLong(
                    MessageFraming.header(random.nextInt(0x500), random.nextInt(1 << 20))
                        | (random.nextBoolean() ? MessageFraming.REQUESTED_ACK : 0));
        case 4 -> Collections.shuffle(frames, random);
        default -> frame = noise(64);
      }
      frames.set(at, frame);
    }

    /** Cuts the bytes anywhere, so that frames arrive in parts and parts of frames together. */
    private List<byte[]> cut(byte[] all) {
      List<byte[]> parts = new ArrayList<>();
      int from = 0;
      while (from < all.length) {
        int most = random.nextBoolean() ? all.length : 12;
        int to = Math.min(all.length, from + 1 + random.nextInt(most));
        parts.add(Arrays.copyOfRange(all, from, to));
        from = to;
      }
      return parts;
    }
  }

  @ParameterizedTest(name = "version {0}")
  @ValueSource(ints = {5, 6, 7})
  void aHealthyHandlerIsServedWhateverOthersSend(int version) throws Exception {
    long seed = Long.getLong("reprise.fuzz.seed", System.nanoTime());
    System.out.println("Hostile frames, version " + version + ": -Dreprise.fuzz.seed=" + seed);
    ServiceOptions once =
        new ServiceOptions(
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            1,
            OnMaxAttempts.KILL);
    ScriptedEndpoint.Script script =
        peer -> {
          ScriptedHandler handler = new ScriptedHandler(peer).begin();
          String input = handler.input();
          if (!input.startsWith("fuzz ")) {
            handler.finish(ScriptedHandler.output(input), ScriptedHandler.end());
            return;
          }
          new Frames(seed + Long.parseLong(input.substring(5))).sequence().forEach(peer::send);
          peer.end();
        };
    InvokerOptions options =
        InvokerOptions.DEFAULTS
            .withProtocolVersion(version)
            .withServiceDefaults(once.over(ServiceOptions.DEFAULTS));
    try (ScriptedEndpoint endpoint = new ScriptedEndpoint(script);
        InvokerWorld world = new InvokerWorld(options).serving(endpoint)) {
      List<CompletableFuture<Outcome>> healthy = attack(world);
      for (CompletableFuture<Outcome> outcome : healthy) {
        assertThat(InvokerWorld.text(outcome)).isEqualTo("healthy");
      }
      InvokerWorld.await("all attempts over", () -> world.counters().running() == 0);
      InvokerWorld.await("memory given back", () -> world.memory().used() == 0);
      System.out.println(
          "Hostile frames: "
              + world.counters().attempts()
              + " attempts, failures "
              + world.counters().failures());
      assertThat(world.counters().failures()).containsKeys("RT0012", "RT0007");
      InvokerWorld.await("all exchanges over", () -> world.onLoop(world.endpoints()::streams) == 0);
      assertThat(endpoint.mishaps()).isEmpty();
      assertThat(endpoint.reachedAt()).hasSize(world.onLoop(world.endpoints()::connections));
    }
  }

  /** Runs all sequences, some at once, and healthy invocations between them. */
  private static List<CompletableFuture<Outcome>> attack(InvokerWorld world) throws Exception {
    Semaphore places = new Semaphore(AT_ONCE);
    List<CompletableFuture<Outcome>> healthy = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      places.acquire();
      CompletableFuture<Outcome> fuzzed =
          switch (i % 3) {
            case 0 -> world.invoke("Svc", "go", "", "fuzz " + i);
            case 1 -> world.invoke("Obj", "look", "k" + i, "fuzz " + i);
            default -> world.invoke("Flow", "look", "k" + i, "fuzz " + i);
          };
      fuzzed.whenComplete((outcome, error) -> places.release());
      InvokerWorld.await(
          "a place", () -> places.availablePermits() > 0 || world.counters().running() == 0);
      if (places.availablePermits() == 0) {
        // All of them are suspended, some for ever: they need no place.
        places.release(AT_ONCE);
      }
      if (i % HEALTHY_EVERY == 0) {
        healthy.add(world.invoke("Obj", "go", "a key", "healthy"));
      }
    }
    return healthy;
  }
}
