package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.AwaitingOnMessage;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.CombinatorType;
import dev.reprise.api.protocol.EndMessage;
import dev.reprise.api.protocol.Failure;
import dev.reprise.api.protocol.FailureMetadata;
import dev.reprise.api.protocol.Future;
import dev.reprise.api.protocol.GetEagerStateCommandMessage;
import dev.reprise.api.protocol.GetEagerStateKeysCommandMessage;
import dev.reprise.api.protocol.GetLazyStateCommandMessage;
import dev.reprise.api.protocol.InputCommandMessage;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.ProposeRunCompletionAckMessage;
import dev.reprise.api.protocol.ProposeRunCompletionMessage;
import dev.reprise.api.protocol.RunCommandMessage;
import dev.reprise.api.protocol.SendSignalCommandMessage;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.StateKeys;
import dev.reprise.api.protocol.SuspensionMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.api.protocol.Void;
import java.util.Arrays;
import java.util.List;

/** Messages as stories name them. */
public final class Wire {
  private Wire() {}

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static Value value(String text) {
    return Value.newBuilder().setContent(bytes(text)).build();
  }

  static Failure failure(int code, String message) {
    return Failure.newBuilder().setCode(code).setMessage(message).build();
  }

  // ---- commands ----

  public static ProtocolMessage input(String text) {
    return new ProtocolMessage(
        MessageType.INPUT, InputCommandMessage.newBuilder().setValue(value(text)).build());
  }

  public static ProtocolMessage output(String text) {
    return new ProtocolMessage(
        MessageType.OUTPUT, OutputCommandMessage.newBuilder().setValue(value(text)).build());
  }

  public static ProtocolMessage outputFailure(int code, String message) {
    return new ProtocolMessage(
        MessageType.OUTPUT,
        OutputCommandMessage.newBuilder().setFailure(failure(code, message)).build());
  }

  public static ProtocolMessage run(int id, String name) {
    return new ProtocolMessage(
        MessageType.RUN,
        RunCommandMessage.newBuilder().setResultCompletionId(id).setName(name).build());
  }

  public static ProtocolMessage sleep(int id, String name, long wakeUpTime) {
    return new ProtocolMessage(
        MessageType.SLEEP,
        SleepCommandMessage.newBuilder()
            .setResultCompletionId(id)
            .setName(name)
            .setWakeUpTime(wakeUpTime)
            .build());
  }

  /** Takes the id before {@code id} for the invocation id. */
  public static ProtocolMessage call(int id, String service, String handler, String parameter) {
    return new ProtocolMessage(
        MessageType.CALL,
        CallCommandMessage.newBuilder()
            .setServiceName(service)
            .setHandlerName(handler)
            .setParameter(bytes(parameter))
            .setInvocationIdNotificationIdx(id - 1)
            .setResultCompletionId(id)
            .build());
  }

  public static ProtocolMessage send(
      int id, String service, String handler, String parameter, long invokeTime) {
    return new ProtocolMessage(
        MessageType.ONE_WAY_CALL,
        OneWayCallCommandMessage.newBuilder()
            .setServiceName(service)
            .setHandlerName(handler)
            .setParameter(bytes(parameter))
            .setInvokeTime(invokeTime)
            .setInvocationIdNotificationIdx(id)
            .build());
  }

  public static ProtocolMessage cancel(String invocationId) {
    return new ProtocolMessage(
        MessageType.SEND_SIGNAL,
        SendSignalCommandMessage.newBuilder()
            .setTargetInvocationId(invocationId)
            .setIdx(1)
            .setVoid(Void.getDefaultInstance())
            .build());
  }

  public static ProtocolMessage getEager(String key, String text) {
    return new ProtocolMessage(
        MessageType.GET_EAGER_STATE,
        GetEagerStateCommandMessage.newBuilder().setKey(bytes(key)).setValue(value(text)).build());
  }

  public static ProtocolMessage getEagerNothing(String key) {
    return new ProtocolMessage(
        MessageType.GET_EAGER_STATE,
        GetEagerStateCommandMessage.newBuilder()
            .setKey(bytes(key))
            .setVoid(Void.getDefaultInstance())
            .build());
  }

  public static ProtocolMessage getEagerKeys(String... keys) {
    List<ByteString> all = Arrays.stream(keys).map(Wire::bytes).toList();
    return new ProtocolMessage(
        MessageType.GET_EAGER_STATE_KEYS,
        GetEagerStateKeysCommandMessage.newBuilder()
            .setValue(StateKeys.newBuilder().addAllKeys(all))
            .build());
  }

  public static ProtocolMessage getLazy(int id, String key) {
    return new ProtocolMessage(
        MessageType.GET_LAZY_STATE,
        GetLazyStateCommandMessage.newBuilder()
            .setKey(bytes(key))
            .setResultCompletionId(id)
            .build());
  }

  public static ProtocolMessage set(String key, String text) {
    return new ProtocolMessage(
        MessageType.SET_STATE,
        SetStateCommandMessage.newBuilder().setKey(bytes(key)).setValue(value(text)).build());
  }

  public static ProtocolMessage outputFailure(int code, String message, String key, String value) {
    return new ProtocolMessage(
        MessageType.OUTPUT,
        OutputCommandMessage.newBuilder()
            .setFailure(
                failure(code, message).toBuilder()
                    .addMetadata(FailureMetadata.newBuilder().setKey(key).setValue(value)))
            .build());
  }

  // ---- control ----

  /** As version 7 says it: the server is to acknowledge. */
  public static ProtocolMessage proposeForAck(int id, String text) {
    return new ProtocolMessage(MessageType.PROPOSE_RUN_COMPLETION, propose(id, text).body(), true);
  }

  public static ProtocolMessage ack(int id) {
    return new ProtocolMessage(
        MessageType.PROPOSE_RUN_COMPLETION_ACK,
        ProposeRunCompletionAckMessage.newBuilder().setCompletionId(id).build());
  }

  public static ProtocolMessage awaitingOn(Future.Builder future) {
    return new ProtocolMessage(
        MessageType.AWAITING_ON, AwaitingOnMessage.newBuilder().setAwaitingOn(future).build());
  }

  public static ProtocolMessage suspension(Future.Builder future) {
    return new ProtocolMessage(
        MessageType.SUSPENSION, SuspensionMessage.newBuilder().setAwaitingOn(future).build());
  }

  public static Future.Builder future(CombinatorType type, Future.Builder... nested) {
    var future = Future.newBuilder().setCombinatorType(type);
    for (Future.Builder it : nested) {
      future.addNestedFutures(it);
    }
    return future;
  }

  public static ProtocolMessage propose(int id, String text) {
    return new ProtocolMessage(
        MessageType.PROPOSE_RUN_COMPLETION,
        ProposeRunCompletionMessage.newBuilder()
            .setResultCompletionId(id)
            .setValue(bytes(text))
            .build());
  }

  public static ProtocolMessage proposeFailure(int id, int code, String message) {
    return new ProtocolMessage(
        MessageType.PROPOSE_RUN_COMPLETION,
        ProposeRunCompletionMessage.newBuilder()
            .setResultCompletionId(id)
            .setFailure(failure(code, message))
            .build());
  }

  public static ProtocolMessage end() {
    return new ProtocolMessage(MessageType.END, EndMessage.getDefaultInstance());
  }

  public static ProtocolMessage suspension(List<Integer> completions, List<Integer> signals) {
    return new ProtocolMessage(
        MessageType.SUSPENSION,
        SuspensionMessage.newBuilder()
            .addAllWaitingCompletions(completions)
            .addAllWaitingSignals(signals)
            .build());
  }
}
