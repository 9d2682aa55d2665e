package dev.reprise.server.invoker;

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
import dev.reprise.cluster.routing.AwakeableId;
import dev.reprise.storage.model.InvocationId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Sequences of frames, most of them nearly right: the whole model, and what is none of it. */
final class HostileFrames {
  private final Random random;
  private final String[] ids;

  /**
   * @param self who sends them: some are about itself
   */
  HostileFrames(long seed, InvocationId self) {
    random = new Random(seed);
    ids =
        new String[] {
          "",
          "inv_1",
          "inv_1d20mNM8pN2e7z1J57y9YwrgEPka5mvVVC",
          "sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAEQ",
          "sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAAQ",
          "prom_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAEQ",
          self.toString(),
          new AwakeableId(self, 17).toString()
        };
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
      case 14 -> promise(id);
      case 15 -> sendSignal(id);
      case 16 -> completeAwakeable();
      case 17 -> attach(id);
      case 18 -> getOutput(id);
      case 19 -> awaitingOn(id);
      case 20 -> suspensionOnTree(id);
      case 21 -> keptResult(id);
      case 22 -> state(id);
      case 23 ->
          ScriptedHandler.nestedSuspension(random.nextInt(random.nextInt(20) == 0 ? 1_200 : 20));
      case 24 -> error();
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

  private String id() {
    return ids[random.nextInt(ids.length)];
  }

  private byte[] promise(int id) {
    int type = MessageType.GET_PROMISE + random.nextInt(3);
    CompletePromiseCommandMessage.Builder promise =
        CompletePromiseCommandMessage.newBuilder().setKey("p").setResultCompletionId(id);
    if (random.nextBoolean()) {
      promise.setCompletionValue(Value.getDefaultInstance());
    }
    return ScriptedHandler.bytes(type, promise.build());
  }

  private byte[] sendSignal(int id) {
    SendSignalCommandMessage.Builder signal =
        SendSignalCommandMessage.newBuilder().setTargetInvocationId(id()).setIdx(id);
    if (random.nextBoolean()) {
      signal.setName(random.nextBoolean() ? "" : "go");
    }
    if (random.nextInt(4) > 0) {
      signal.setVoid(Void.getDefaultInstance());
    }
    return ScriptedHandler.bytes(MessageType.SEND_SIGNAL, signal.build());
  }

  private byte[] completeAwakeable() {
    CompleteAwakeableCommandMessage.Builder awakeable =
        CompleteAwakeableCommandMessage.newBuilder().setAwakeableId(id());
    if (random.nextBoolean()) {
      awakeable.setValue(Value.getDefaultInstance());
    }
    return ScriptedHandler.bytes(MessageType.COMPLETE_AWAKEABLE, awakeable.build());
  }

  private byte[] attach(int id) {
    AttachInvocationCommandMessage.Builder attach =
        AttachInvocationCommandMessage.newBuilder().setResultCompletionId(id);
    switch (random.nextInt(4)) {
      case 0 -> attach.setInvocationId(id());
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

  private byte[] getOutput(int id) {
    return ScriptedHandler.bytes(
        MessageType.GET_INVOCATION_OUTPUT,
        GetInvocationOutputCommandMessage.newBuilder()
            .setInvocationId(id())
            .setResultCompletionId(id)
            .build());
  }

  private Future future(int id) {
    Future.Builder future =
        Future.newBuilder().setCombinatorTypeValue(random.nextInt(6)).addWaitingSignals(1);
    if (random.nextBoolean()) {
      future.addWaitingCompletions(id);
    }
    if (random.nextInt(3) == 0) {
      future.addNestedFutures(future(id));
    }
    if (random.nextInt(8) == 0) {
      future.addNestedFutures(Future.getDefaultInstance());
    }
    return future.build();
  }

  private byte[] awaitingOn(int id) {
    AwaitingOnMessage.Builder awaiting = AwaitingOnMessage.newBuilder();
    if (random.nextInt(4) > 0) {
      awaiting.setAwaitingOn(future(id));
    }
    return ScriptedHandler.bytes(MessageType.AWAITING_ON, awaiting.build());
  }

  private byte[] suspensionOnTree(int id) {
    return ScriptedHandler.bytes(
        MessageType.SUSPENSION, SuspensionMessage.newBuilder().setAwaitingOn(future(id)).build());
  }

  private static byte[] keptResult(int id) {
    byte[] proposal = ScriptedHandler.proposal(id, "kept");
    ByteBuffer header = ByteBuffer.wrap(proposal);
    header.putLong(0, header.getLong(0) | MessageFraming.REQUESTED_ACK);
    return proposal;
  }

  private byte[] state(int id) {
    return ScriptedHandler.bytes(
        MessageType.GET_LAZY_STATE + random.nextInt(7),
        GetLazyStateCommandMessage.newBuilder()
            .setKey(ByteString.copyFrom(new byte[] {(byte) random.nextInt(256)}))
            .setResultCompletionId(id)
            .build());
  }

  private byte[] error() {
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
