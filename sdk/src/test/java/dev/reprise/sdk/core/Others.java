package dev.reprise.sdk.core;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.AttachInvocationCommandMessage;
import dev.reprise.api.protocol.CompleteAwakeableCommandMessage;
import dev.reprise.api.protocol.CompletePromiseCommandMessage;
import dev.reprise.api.protocol.GetInvocationOutputCommandMessage;
import dev.reprise.api.protocol.GetPromiseCommandMessage;
import dev.reprise.api.protocol.PeekPromiseCommandMessage;
import dev.reprise.api.protocol.SendSignalCommandMessage;

/** What a handler asks of promises and of other invocations, as stories name it. */
public final class Others {
  private Others() {}

  public static ProtocolMessage getPromise(int id, String key) {
    return new ProtocolMessage(
        MessageType.GET_PROMISE,
        GetPromiseCommandMessage.newBuilder().setKey(key).setResultCompletionId(id).build());
  }

  public static ProtocolMessage peekPromise(int id, String key) {
    return new ProtocolMessage(
        MessageType.PEEK_PROMISE,
        PeekPromiseCommandMessage.newBuilder().setKey(key).setResultCompletionId(id).build());
  }

  public static ProtocolMessage resolvePromise(int id, String key, String text) {
    return new ProtocolMessage(
        MessageType.COMPLETE_PROMISE,
        CompletePromiseCommandMessage.newBuilder()
            .setKey(key)
            .setCompletionValue(Wire.value(text))
            .setResultCompletionId(id)
            .build());
  }

  public static ProtocolMessage rejectPromise(int id, String key, int code, String message) {
    return new ProtocolMessage(
        MessageType.COMPLETE_PROMISE,
        CompletePromiseCommandMessage.newBuilder()
            .setKey(key)
            .setCompletionFailure(Wire.failure(code, message))
            .setResultCompletionId(id)
            .build());
  }

  public static ProtocolMessage attach(int id, String invocationId) {
    return new ProtocolMessage(
        MessageType.ATTACH_INVOCATION,
        AttachInvocationCommandMessage.newBuilder()
            .setInvocationId(invocationId)
            .setResultCompletionId(id)
            .build());
  }

  public static ProtocolMessage outputOf(int id, String invocationId) {
    return new ProtocolMessage(
        MessageType.GET_INVOCATION_OUTPUT,
        GetInvocationOutputCommandMessage.newBuilder()
            .setInvocationId(invocationId)
            .setResultCompletionId(id)
            .build());
  }

  public static ProtocolMessage sendSignal(String invocationId, String name, String text) {
    return new ProtocolMessage(
        MessageType.SEND_SIGNAL,
        SendSignalCommandMessage.newBuilder()
            .setTargetInvocationId(invocationId)
            .setName(name)
            .setValue(Wire.value(text))
            .build());
  }

  public static ProtocolMessage sendSignalFailure(
      String invocationId, String name, int code, String message) {
    return new ProtocolMessage(
        MessageType.SEND_SIGNAL,
        SendSignalCommandMessage.newBuilder()
            .setTargetInvocationId(invocationId)
            .setName(name)
            .setFailure(Wire.failure(code, message))
            .build());
  }

  public static ProtocolMessage resolveAwakeable(String id, String text) {
    return new ProtocolMessage(
        MessageType.COMPLETE_AWAKEABLE,
        CompleteAwakeableCommandMessage.newBuilder()
            .setAwakeableId(id)
            .setValue(Wire.value(text))
            .build());
  }

  public static ProtocolMessage rejectAwakeable(String id, int code, String message) {
    return new ProtocolMessage(
        MessageType.COMPLETE_AWAKEABLE,
        CompleteAwakeableCommandMessage.newBuilder()
            .setAwakeableId(id)
            .setFailure(Wire.failure(code, message))
            .build());
  }
}
