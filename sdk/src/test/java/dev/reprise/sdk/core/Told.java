package dev.reprise.sdk.core;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.Void;

/** What a server says of what was answered, as stories name it. */
public final class Told {
  private Told() {}

  private static NotificationTemplate.Builder completion(int id) {
    return NotificationTemplate.newBuilder().setCompletionId(id);
  }

  public static ProtocolMessage runDone(int id, String text) {
    return new ProtocolMessage(
        MessageType.RUN_COMPLETION, completion(id).setValue(Wire.value(text)).build());
  }

  public static ProtocolMessage runFailed(int id, int code, String message) {
    return new ProtocolMessage(
        MessageType.RUN_COMPLETION, completion(id).setFailure(Wire.failure(code, message)).build());
  }

  public static ProtocolMessage sleepDone(int id) {
    return new ProtocolMessage(
        MessageType.SLEEP_COMPLETION, completion(id).setVoid(Void.getDefaultInstance()).build());
  }

  public static ProtocolMessage callDone(int id, String text) {
    return new ProtocolMessage(
        MessageType.CALL_COMPLETION, completion(id).setValue(Wire.value(text)).build());
  }

  public static ProtocolMessage called(int id, String invocationId) {
    return new ProtocolMessage(
        MessageType.CALL_INVOCATION_ID, completion(id).setInvocationId(invocationId).build());
  }

  public static ProtocolMessage lazyState(int id, String text) {
    return new ProtocolMessage(
        MessageType.GET_LAZY_STATE_COMPLETION, completion(id).setValue(Wire.value(text)).build());
  }

  /** A notification that answers a command with a value. */
  public static ProtocolMessage done(int type, int id, String text) {
    return new ProtocolMessage(type, completion(id).setValue(Wire.value(text)).build());
  }

  /** One that answers with nothing. */
  public static ProtocolMessage doneEmpty(int type, int id) {
    return new ProtocolMessage(type, completion(id).setVoid(Void.getDefaultInstance()).build());
  }

  public static ProtocolMessage doneFailed(int type, int id, int code, String message) {
    return new ProtocolMessage(
        type, completion(id).setFailure(Wire.failure(code, message)).build());
  }

  public static ProtocolMessage namedSignal(String name, String text) {
    return new ProtocolMessage(
        MessageType.SIGNAL,
        NotificationTemplate.newBuilder().setSignalName(name).setValue(Wire.value(text)).build());
  }

  public static ProtocolMessage cancelled() {
    return new ProtocolMessage(
        MessageType.SIGNAL,
        NotificationTemplate.newBuilder()
            .setSignalIdx(1)
            .setVoid(Void.getDefaultInstance())
            .build());
  }

  public static ProtocolMessage signal(int index, String text) {
    return new ProtocolMessage(
        MessageType.SIGNAL,
        NotificationTemplate.newBuilder().setSignalIdx(index).setValue(Wire.value(text)).build());
  }
}
