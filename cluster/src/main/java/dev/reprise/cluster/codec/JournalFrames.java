package dev.reprise.cluster.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.protocol.ClearStateCommandMessage;
import dev.reprise.api.protocol.CompletePromiseCommandMessage;
import dev.reprise.api.protocol.Failure;
import dev.reprise.api.protocol.FailureMetadata;
import dev.reprise.api.protocol.GetLazyStateCommandMessage;
import dev.reprise.api.protocol.GetLazyStateKeysCommandMessage;
import dev.reprise.api.protocol.GetPromiseCommandMessage;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.PeekPromiseCommandMessage;
import dev.reprise.api.protocol.RunCommandMessage;
import dev.reprise.api.protocol.SetStateCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.StateKeys;
import dev.reprise.api.protocol.Value;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The few fields of journal frames that the rules need, and the notifications that they write. Byte
 * values are windows into what was given. Stateless; any thread.
 */
public final class JournalFrames {
  private JournalFrames() {}

  /** A frame that its proposer should have refused. */
  public static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Malformed(String what, Throwable cause) {
      super("Expected " + what + ", but it does not parse", cause);
    }
  }

  public record Sleep(int completionId, long wakeUpAtMillis) {}

  public record KeyedRead(int completionId, Bytes key) {}

  public record StateWrite(Bytes key, Bytes value) {}

  public record PromiseRead(int completionId, String key) {}

  public record PromiseWrite(int completionId, String key, Outcome outcome) {}

  public static Sleep sleep(Bytes payload) {
    SleepCommandMessage frame = parse(SleepCommandMessage.parser(), payload, "a sleep command");
    // Unsigned on the wire; beyond the signed range is beyond any clock.
    long at = frame.getWakeUpTime() < 0 ? Long.MAX_VALUE : frame.getWakeUpTime();
    return new Sleep(frame.getResultCompletionId(), at);
  }

  public static StateWrite setState(Bytes payload) {
    SetStateCommandMessage frame =
        parse(SetStateCommandMessage.parser(), payload, "a set-state command");
    return new StateWrite(bytes(frame.getKey()), bytes(frame.getValue().getContent()));
  }

  public static Bytes clearState(Bytes payload) {
    return bytes(
        parse(ClearStateCommandMessage.parser(), payload, "a clear-state command").getKey());
  }

  public static KeyedRead getLazyState(Bytes payload) {
    GetLazyStateCommandMessage frame =
        parse(GetLazyStateCommandMessage.parser(), payload, "a get-state command");
    return new KeyedRead(frame.getResultCompletionId(), bytes(frame.getKey()));
  }

  public static int getLazyStateKeys(Bytes payload) {
    return parse(GetLazyStateKeysCommandMessage.parser(), payload, "a state-keys command")
        .getResultCompletionId();
  }

  public static PromiseRead getPromise(Bytes payload) {
    GetPromiseCommandMessage frame =
        parse(GetPromiseCommandMessage.parser(), payload, "a get-promise command");
    return new PromiseRead(frame.getResultCompletionId(), frame.getKey());
  }

  public static PromiseRead peekPromise(Bytes payload) {
    PeekPromiseCommandMessage frame =
        parse(PeekPromiseCommandMessage.parser(), payload, "a peek-promise command");
    return new PromiseRead(frame.getResultCompletionId(), frame.getKey());
  }

  public static PromiseWrite completePromise(Bytes payload) {
    CompletePromiseCommandMessage frame =
        parse(CompletePromiseCommandMessage.parser(), payload, "a complete-promise command");
    Outcome outcome =
        frame.hasCompletionFailure()
            ? failure(frame.getCompletionFailure())
            : new Outcome.Success(bytes(frame.getCompletionValue().getContent()));
    return new PromiseWrite(frame.getResultCompletionId(), frame.getKey(), outcome);
  }

  public static int run(Bytes payload) {
    return parse(RunCommandMessage.parser(), payload, "a run command").getResultCompletionId();
  }

  public static Outcome output(Bytes payload) {
    OutputCommandMessage frame = parse(OutputCommandMessage.parser(), payload, "an output command");
    return frame.hasFailure()
        ? failure(frame.getFailure())
        : new Outcome.Success(bytes(frame.getValue().getContent()));
  }

  public static Outcome.Failure failure(Failure failure) {
    Map<String, String> metadata = new TreeMap<>();
    for (FailureMetadata entry : failure.getMetadataList()) {
      metadata.put(entry.getKey(), entry.getValue());
    }
    return new Outcome.Failure(failure.getCode(), failure.getMessage(), metadata);
  }

  /** A completion that says only that it happened. */
  public static Bytes done(int completionId) {
    return outcome(completionId, null);
  }

  /**
   * The answer to a journal command.
   *
   * @param outcome null where there is nothing to tell
   */
  public static Bytes outcome(int completionId, @Nullable Outcome outcome) {
    return encode(result(NotificationTemplate.newBuilder().setCompletionId(completionId), outcome));
  }

  /** What a signal looks like in a journal. */
  public static Bytes signal(Signal signal) {
    NotificationTemplate.Builder frame = NotificationTemplate.newBuilder();
    switch (signal.id()) {
      case SignalId.Index it -> frame.setSignalIdx(it.index());
      case SignalId.Name it -> frame.setSignalName(it.name());
    }
    return encode(result(frame, signal.outcome()));
  }

  private static NotificationTemplate.Builder result(
      NotificationTemplate.Builder frame, @Nullable Outcome outcome) {
    return switch (outcome) {
      case null -> frame.setVoid(dev.reprise.api.protocol.Void.getDefaultInstance());
      case Outcome.Success success -> frame.setValue(value(success.value()));
      case Outcome.Failure failure -> frame.setFailure(failure(failure));
    };
  }

  public static Bytes invocationId(int completionId, InvocationId id) {
    return encode(
        NotificationTemplate.newBuilder()
            .setCompletionId(completionId)
            .setInvocationId(id.toString()));
  }

  /**
   * The answer to a read of state.
   *
   * @param value null when there is none
   */
  public static Bytes stateValue(int completionId, @Nullable Bytes value) {
    return value == null
        ? done(completionId)
        : encode(
            NotificationTemplate.newBuilder().setCompletionId(completionId).setValue(value(value)));
  }

  public static Bytes stateKeys(int completionId, List<Bytes> keys) {
    StateKeys.Builder list = StateKeys.newBuilder();
    for (Bytes key : keys) {
      list.addKeys(string(key));
    }
    return encode(
        NotificationTemplate.newBuilder().setCompletionId(completionId).setStateKeys(list));
  }

  private static Failure failure(Outcome.Failure failure) {
    Failure.Builder frame =
        Failure.newBuilder().setCode(failure.code()).setMessage(failure.message());
    failure
        .metadata()
        .forEach(
            (key, text) ->
                frame.addMetadata(FailureMetadata.newBuilder().setKey(key).setValue(text)));
    return frame.build();
  }

  private static Value value(Bytes content) {
    return Value.newBuilder().setContent(string(content)).build();
  }

  private static ByteString string(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.offset(), bytes.length());
  }

  private static Bytes bytes(ByteString string) {
    return Bytes.of(string.toByteArray());
  }

  private static Bytes encode(NotificationTemplate.Builder frame) {
    return Bytes.of(frame.build().toByteArray());
  }

  static <M extends Message> M parse(Parser<M> parser, Bytes payload, String what) {
    try {
      CodedInputStream in =
          CodedInputStream.newInstance(payload.array(), payload.offset(), payload.length());
      return parser.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new Malformed(what, e);
    }
  }
}
