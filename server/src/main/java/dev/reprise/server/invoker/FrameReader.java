package dev.reprise.server.invoker;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.ClearAllStateCommandMessage;
import dev.reprise.api.protocol.ClearStateCommandMessage;
import dev.reprise.api.protocol.EndMessage;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.GetEagerStateCommandMessage;
import dev.reprise.api.protocol.GetEagerStateKeysCommandMessage;
import dev.reprise.api.protocol.GetLazyStateCommandMessage;
import dev.reprise.api.protocol.GetLazyStateKeysCommandMessage;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.ProposeRunCompletionMessage;
import dev.reprise.api.protocol.RunCommandMessage;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.SuspensionMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Waiter;
import java.util.List;

/**
 * Turns one attempt's frames into statements, and refuses what may not be said: malformed, out of
 * place or not allowed to this handler. Every refusal is a {@link ProtocolViolation}. Confined to
 * its attempt's loop.
 */
final class FrameReader {
  private final HandlerKind kind;
  private final InvocationId id;
  private final long incarnation;
  private final int partition;
  private final Callees callees;
  private final CompletionIds ids;
  private boolean output;

  FrameReader(
      HandlerKind kind,
      InvocationId id,
      long incarnation,
      int partition,
      Callees callees,
      CompletionIds ids) {
    this.kind = kind;
    this.id = id;
    this.incarnation = incarnation;
    this.partition = partition;
    this.callees = callees;
    this.ids = ids;
  }

  /** An earlier attempt has journaled an output. */
  void outputReplayed() {
    output = true;
  }

  /** Whether a journal command of this type needs the log at once. */
  static boolean needsLog(int type) {
    return switch (type) {
      case MessageType.SLEEP,
          MessageType.CALL,
          MessageType.ONE_WAY_CALL,
          MessageType.GET_LAZY_STATE,
          MessageType.GET_LAZY_STATE_KEYS ->
          true;
      default -> false;
    };
  }

  /** A journal command. */
  Statement command(int type, Bytes payload) {
    switch (type) {
      case MessageType.OUTPUT -> {
        var message = parse(OutputCommandMessage.parser(), type, payload);
        require(message.hasValue() || message.hasFailure(), type, "a result");
        output = true;
      }
      case MessageType.GET_EAGER_STATE -> {
        var message = parse(GetEagerStateCommandMessage.parser(), type, payload);
        readsState(type);
        requireUtf8(message.getKey(), type);
        require(message.hasVoid() || message.hasValue(), type, "a result");
      }
      case MessageType.GET_EAGER_STATE_KEYS -> {
        parse(GetEagerStateKeysCommandMessage.parser(), type, payload);
        readsState(type);
      }
      case MessageType.SET_STATE -> {
        var message = parse(SetStateCommandMessage.parser(), type, payload);
        writesState(type);
        requireUtf8(message.getKey(), type);
      }
      case MessageType.CLEAR_STATE -> {
        var message = parse(ClearStateCommandMessage.parser(), type, payload);
        writesState(type);
        requireUtf8(message.getKey(), type);
      }
      case MessageType.CLEAR_ALL_STATE -> {
        parse(ClearAllStateCommandMessage.parser(), type, payload);
        writesState(type);
      }
      case MessageType.CALL -> {
        return call(payload);
      }
      case MessageType.ONE_WAY_CALL -> {
        return oneWayCall(payload);
      }
      default -> waited(type, payload);
    }
    return new Statement.Journaled(type, payload);
  }

  /** Commands that are answered by a completion. */
  private void waited(int type, Bytes payload) {
    switch (type) {
      case MessageType.SLEEP ->
          ids.give(
              parse(SleepCommandMessage.parser(), type, payload).getResultCompletionId(), type);
      case MessageType.RUN ->
          ids.give(parse(RunCommandMessage.parser(), type, payload).getResultCompletionId(), type);
      case MessageType.GET_LAZY_STATE -> {
        var message = parse(GetLazyStateCommandMessage.parser(), type, payload);
        readsState(type);
        requireUtf8(message.getKey(), type);
        ids.give(message.getResultCompletionId(), type);
      }
      case MessageType.GET_LAZY_STATE_KEYS -> {
        var message = parse(GetLazyStateKeysCommandMessage.parser(), type, payload);
        readsState(type);
        ids.give(message.getResultCompletionId(), type);
      }
      default -> throw refused(type);
    }
  }

  private static ProtocolViolation refused(int type) {
    String name = MessageType.nameOf(type);
    return switch (type) {
      case MessageType.GET_PROMISE,
          MessageType.PEEK_PROMISE,
          MessageType.COMPLETE_PROMISE,
          MessageType.SEND_SIGNAL,
          MessageType.ATTACH_INVOCATION,
          MessageType.GET_INVOCATION_OUTPUT,
          MessageType.COMPLETE_AWAKEABLE ->
          new ProtocolViolation("The command " + name + " is not supported yet");
      case MessageType.INPUT ->
          new ProtocolViolation("Expected no Input from an endpoint, but got one");
      default -> new ProtocolViolation("Expected a known journal command, but got " + name);
    };
  }

  private Statement call(Bytes payload) {
    int type = MessageType.CALL;
    var message = parse(CallCommandMessage.parser(), type, payload);
    requireNoLimits(message.hasScope() || message.hasLimitKey(), type);
    requireIdempotencyKey(message.hasIdempotencyKey(), message.getIdempotencyKey(), type);
    ids.give(message.getInvocationIdNotificationIdx(), type);
    ids.give(message.getResultCompletionId(), type);
    return callees.call(
        type,
        payload,
        message.getInvocationIdNotificationIdx(),
        new Callees.Target(
            message.getServiceName(),
            message.getHandlerName(),
            message.getKey(),
            message.getIdempotencyKey()),
        message.getHeadersList(),
        message.getParameter(),
        0,
        new Waiter(partition, id, incarnation, message.getResultCompletionId()));
  }

  private Statement oneWayCall(Bytes payload) {
    int type = MessageType.ONE_WAY_CALL;
    var message = parse(OneWayCallCommandMessage.parser(), type, payload);
    requireNoLimits(message.hasScope() || message.hasLimitKey(), type);
    requireIdempotencyKey(message.hasIdempotencyKey(), message.getIdempotencyKey(), type);
    ids.give(message.getInvocationIdNotificationIdx(), type);
    return callees.call(
        type,
        payload,
        message.getInvocationIdNotificationIdx(),
        new Callees.Target(
            message.getServiceName(),
            message.getHandlerName(),
            message.getKey(),
            message.getIdempotencyKey()),
        message.getHeadersList(),
        message.getParameter(),
        // Unsigned on the wire: what is beyond our range is never.
        message.getInvokeTime() < 0 ? Long.MAX_VALUE : message.getInvokeTime(),
        null);
  }

  /** The result of a run step, as the notification that the journal will hold. */
  Statement.RunCompleted runCompleted(Bytes payload) {
    int type = MessageType.PROPOSE_RUN_COMPLETION;
    var message = parse(ProposeRunCompletionMessage.parser(), type, payload);
    NotificationTemplate.Builder notification = NotificationTemplate.newBuilder();
    switch (message.getResultCase()) {
      case VALUE -> notification.setValue(Value.newBuilder().setContent(message.getValue()));
      case FAILURE -> notification.setFailure(message.getFailure());
      case RESULT_NOT_SET -> require(false, type, "a result");
    }
    int completionId = message.getResultCompletionId();
    ids.runProposed(completionId);
    byte[] stored = notification.setCompletionId(completionId).build().toByteArray();
    return new Statement.RunCompleted(completionId, Bytes.of(stored));
  }

  Statement.Suspended suspended(Bytes payload) {
    var message = parse(SuspensionMessage.parser(), MessageType.SUSPENSION, payload);
    List<Integer> completions = message.getWaitingCompletionsList();
    List<Integer> signals = message.getWaitingSignalsList();
    if (completions.isEmpty() && signals.isEmpty() && message.getWaitingNamedSignalsCount() == 0) {
      throw new ProtocolViolation(
          "Expected a suspension that waits for something, but it is empty");
    }
    for (int completion : completions) {
      if (!ids.contains(completion)) {
        throw new ProtocolViolation(
            "Expected a suspension on completions of this journal, but "
                + Integer.toUnsignedString(completion)
                + " is not one");
      }
    }
    for (int signal : signals) {
      require(signal > 0, MessageType.SUSPENSION, "signals from 1 on");
    }
    return new Statement.Suspended(
        Awaiting.any(completions, signals, message.getWaitingNamedSignalsList()));
  }

  Statement.Ended ended(Bytes payload) {
    parse(EndMessage.parser(), MessageType.END, payload);
    if (!output) {
      throw new ProtocolViolation("Expected an Output before End, but there is none");
    }
    return new Statement.Ended();
  }

  AttemptFailure failed(Bytes payload) {
    return AttemptFailure.said(parse(ErrorMessage.parser(), MessageType.ERROR, payload));
  }

  // ---- checks ----

  private void readsState(int type) {
    if (!kind.keyed()) {
      throw new ProtocolViolation(
          "RT0017",
          MessageType.nameOf(type) + ": Expected a keyed service, for others have no state");
    }
  }

  private void writesState(int type) {
    readsState(type);
    if (!kind.writesState()) {
      throw new ProtocolViolation(
          "RT0017", MessageType.nameOf(type) + ": Expected no change of state by a shared handler");
    }
  }

  private static void requireNoLimits(boolean has, int type) {
    if (has) {
      throw new ProtocolViolation(
          "RT0024", MessageType.nameOf(type) + ": scopes and limit keys are not supported yet");
    }
  }

  private static void requireIdempotencyKey(boolean has, String key, int type) {
    if (has && key.isEmpty()) {
      throw new ProtocolViolation(
          "RT0017", MessageType.nameOf(type) + ": Expected an idempotency key that is not empty");
    }
  }

  private static void requireUtf8(ByteString key, int type) {
    require(key.isValidUtf8(), type, "a key in UTF-8");
  }

  private static void require(boolean holds, int type, String what) {
    if (!holds) {
      throw new ProtocolViolation(
          MessageType.nameOf(type) + ": Expected " + what + ", but there is none");
    }
  }

  private static <T> T parse(Parser<T> parser, int type, Bytes payload) {
    // Aliased: large values inside are windows into the frame, not copies.
    ByteString bytes =
        UnsafeByteOperations.unsafeWrap(payload.array(), payload.offset(), payload.length());
    CodedInputStream in = bytes.newCodedInput();
    in.enableAliasing(true);
    try {
      T message = parser.parseFrom(in);
      in.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw malformed(type, e);
    }
  }

  private static ProtocolViolation malformed(int type, InvalidProtocolBufferException e) {
    return new ProtocolViolation(
        "Expected a well-formed " + MessageType.nameOf(type) + ", but: " + e.getMessage());
  }
}
