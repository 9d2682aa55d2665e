package dev.reprise.cluster.engine;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.ClearAllStateCommandMessage;
import dev.reprise.api.protocol.ClearStateCommandMessage;
import dev.reprise.api.protocol.GetLazyStateCommandMessage;
import dev.reprise.api.protocol.GetLazyStateKeysCommandMessage;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.RunCommandMessage;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.util.Arrays;
import java.util.List;

/** What handlers say, as an endpoint would put it. */
public final class Says {
  private Says() {}

  public static Statement sleep(int completion, long wakeUpAtMillis) {
    return journaled(
        MessageType.SLEEP,
        SleepCommandMessage.newBuilder()
            .setResultCompletionId(completion)
            .setWakeUpTime(wakeUpAtMillis)
            .build());
  }

  public static Statement run(int completion) {
    return journaled(
        MessageType.RUN, RunCommandMessage.newBuilder().setResultCompletionId(completion).build());
  }

  public static Statement ran(int completion, String result) {
    return new Statement.RunCompleted(
        completion,
        bytes(
            NotificationTemplate.newBuilder()
                .setCompletionId(completion)
                .setValue(value(result))
                .build()));
  }

  public static Statement set(String key, String value) {
    return journaled(
        MessageType.SET_STATE,
        SetStateCommandMessage.newBuilder().setKey(utf8(key)).setValue(value(value)).build());
  }

  public static Statement get(int completion, String key) {
    return journaled(
        MessageType.GET_LAZY_STATE,
        GetLazyStateCommandMessage.newBuilder()
            .setKey(utf8(key))
            .setResultCompletionId(completion)
            .build());
  }

  public static Statement keys(int completion) {
    return journaled(
        MessageType.GET_LAZY_STATE_KEYS,
        GetLazyStateKeysCommandMessage.newBuilder().setResultCompletionId(completion).build());
  }

  public static Statement clear(String key) {
    return journaled(
        MessageType.CLEAR_STATE, ClearStateCommandMessage.newBuilder().setKey(utf8(key)).build());
  }

  public static Statement clearAll() {
    return journaled(MessageType.CLEAR_ALL_STATE, ClearAllStateCommandMessage.getDefaultInstance());
  }

  /** A call whose waiter, if the callee has one, says which completion the outcome is. */
  public static Statement call(int idCompletion, int receiver, NewInvocation callee) {
    CallCommandMessage.Builder frame =
        CallCommandMessage.newBuilder()
            .setServiceName(callee.target().service())
            .setHandlerName(callee.target().handler())
            .setInvocationIdNotificationIdx(idCompletion);
    if (callee.waiter() != null) {
      frame.setResultCompletionId(callee.waiter().completionId());
    }
    return new Statement.Called(
        MessageType.CALL, bytes(frame.build()), idCompletion, receiver, callee);
  }

  public static Statement send(int idCompletion, int receiver, NewInvocation callee) {
    OneWayCallCommandMessage frame =
        OneWayCallCommandMessage.newBuilder()
            .setServiceName(callee.target().service())
            .setHandlerName(callee.target().handler())
            .setInvocationIdNotificationIdx(idCompletion)
            .build();
    return new Statement.Called(
        MessageType.ONE_WAY_CALL, bytes(frame), idCompletion, receiver, callee);
  }

  public static Statement output(String result) {
    return journaled(
        MessageType.OUTPUT, OutputCommandMessage.newBuilder().setValue(value(result)).build());
  }

  public static Statement end() {
    return new Statement.Ended();
  }

  public static Statement suspended(Integer... completions) {
    return new Statement.Suspended(Awaiting.any(Arrays.asList(completions), List.of(), List.of()));
  }

  public static Statement failed(int code, String message) {
    return new Statement.Failed(new Outcome.Failure(code, message));
  }

  public static Statement paused(String reason) {
    return new Statement.Paused(reason);
  }

  /** A frame that no parser takes. */
  public static Statement garbage(int type) {
    return new Statement.Journaled(type, Bytes.of(new byte[] {(byte) 0xFF, (byte) 0xFF, 1}));
  }

  private static Statement journaled(int type, MessageLite frame) {
    return new Statement.Journaled(type, bytes(frame));
  }

  private static Value value(String text) {
    return Value.newBuilder().setContent(utf8(text)).build();
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private static Bytes bytes(MessageLite frame) {
    return Bytes.of(frame.toByteArray());
  }
}
