package dev.reprise.cluster.engine;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.AttachInvocationCommandMessage;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.ClearAllStateCommandMessage;
import dev.reprise.api.protocol.ClearStateCommandMessage;
import dev.reprise.api.protocol.CompletePromiseCommandMessage;
import dev.reprise.api.protocol.GetInvocationOutputCommandMessage;
import dev.reprise.api.protocol.GetLazyStateCommandMessage;
import dev.reprise.api.protocol.GetLazyStateKeysCommandMessage;
import dev.reprise.api.protocol.GetPromiseCommandMessage;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.PeekPromiseCommandMessage;
import dev.reprise.api.protocol.RunCommandMessage;
import dev.reprise.api.protocol.SendSignalCommandMessage;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.cluster.codec.JournalFrames;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.Waiter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** A signal to one whose id is known; null says only that it came. */
  public static Statement signal(int receiver, String target, SignalId id, @Nullable String value) {
    return signal(receiver, Asked.id(target), id, value);
  }

  public static Statement signal(
      int receiver, InvocationId target, SignalId id, @Nullable String value) {
    SendSignalCommandMessage frame =
        SendSignalCommandMessage.newBuilder().setTargetInvocationId(target.toString()).build();
    return new Statement.Signaled(
        MessageType.SEND_SIGNAL, bytes(frame), receiver, target, of(id, value));
  }

  static Signal of(SignalId id, @Nullable String value) {
    return new Signal(id, value == null ? null : new Outcome.Success(Bytes.utf8(value)));
  }

  /** Waits for the outcome of another one. */
  public static Statement attach(int receiver, String target, Waiter waiter) {
    return attach(receiver, Asked.id(target), waiter);
  }

  public static Statement attach(int receiver, InvocationId target, Waiter waiter) {
    AttachInvocationCommandMessage frame =
        AttachInvocationCommandMessage.newBuilder()
            .setInvocationId(target.toString())
            .setResultCompletionId(waiter.completionId())
            .build();
    return new Statement.Attached(
        MessageType.ATTACH_INVOCATION, bytes(frame), receiver, target, waiter);
  }

  /** Looks whether another one has an outcome. */
  public static Statement getOutput(int receiver, String target, Waiter waiter) {
    GetInvocationOutputCommandMessage frame =
        GetInvocationOutputCommandMessage.newBuilder()
            .setInvocationId(Asked.id(target).toString())
            .setResultCompletionId(waiter.completionId())
            .build();
    return new Statement.Attached(
        MessageType.GET_INVOCATION_OUTPUT, bytes(frame), receiver, Asked.id(target), waiter);
  }

  public static Statement getPromise(int completion, String key) {
    return journaled(
        MessageType.GET_PROMISE,
        GetPromiseCommandMessage.newBuilder()
            .setKey(key)
            .setResultCompletionId(completion)
            .build());
  }

  public static Statement peekPromise(int completion, String key) {
    return journaled(
        MessageType.PEEK_PROMISE,
        PeekPromiseCommandMessage.newBuilder()
            .setKey(key)
            .setResultCompletionId(completion)
            .build());
  }

  public static Statement completePromise(int completion, String key, String value) {
    return journaled(
        MessageType.COMPLETE_PROMISE,
        CompletePromiseCommandMessage.newBuilder()
            .setKey(key)
            .setCompletionValue(value(value))
            .setResultCompletionId(completion)
            .build());
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

  /** Waits for any of these, a signal among them. */
  public static Statement suspendedOn(SignalId signal, Integer... completions) {
    List<Integer> indexes = signal instanceof SignalId.Index it ? List.of(it.index()) : List.of();
    List<String> names = signal instanceof SignalId.Name it ? List.of(it.name()) : List.of();
    return new Statement.Suspended(Awaiting.any(Arrays.asList(completions), indexes, names));
  }

  /** A step that failed for good. */
  public static Statement ranInVain(int completion, String why) {
    return new Statement.RunCompleted(
        completion, JournalFrames.outcome(completion, new Outcome.Failure(500, why)));
  }

  /** What a notification tells: a value, a failure, or {@code void}. */
  static String told(Bytes notification) {
    try {
      NotificationTemplate frame = NotificationTemplate.parseFrom(notification.toArray());
      return switch (frame.getResultCase()) {
        case VALUE -> frame.getValue().getContent().toStringUtf8();
        case FAILURE -> frame.getFailure().getCode() + " " + frame.getFailure().getMessage();
        case VOID -> "void";
        case INVOCATION_ID -> frame.getInvocationId();
        case STATE_KEYS -> frame.getStateKeys().getKeysList().toString();
        case RESULT_NOT_SET -> "no result";
      };
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("Expected a notification, but it does not parse", e);
    }
  }

  public static Statement failed(int code, String message) {
    return new Statement.Failed(new Outcome.Failure(code, message));
  }

  public static Statement paused(String reason) {
    return new Statement.Paused(reason);
  }

  public static Statement pauseHeeded(String reason) {
    return new Statement.PauseHeeded(reason);
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
