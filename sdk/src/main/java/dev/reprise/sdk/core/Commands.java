package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.AttachInvocationCommandMessage;
import dev.reprise.api.protocol.CallCommandMessage;
import dev.reprise.api.protocol.CompleteAwakeableCommandMessage;
import dev.reprise.api.protocol.Failure;
import dev.reprise.api.protocol.Header;
import dev.reprise.api.protocol.OneWayCallCommandMessage;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.ProposeRunCompletionMessage;
import dev.reprise.api.protocol.RunCommandMessage;
import dev.reprise.api.protocol.SendSignalCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.api.protocol.Void;
import dev.reprise.sdk.core.NotificationId.Completion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What user code may ask of its journal, one method for each command. Ids are given in the order of
 * the calls, so a replay gives the same ones.
 *
 * <p>Confined to the attempt's thread, as its {@link ReplayMachine}.
 */
public final class Commands {
  private static final int FIRST_AWAKEABLE = 17;

  private final ReplayMachine machine;
  private final int version;
  private final InstantSource clock;
  private int nextCompletion = 1;
  private int nextAwakeable = FIRST_AWAKEABLE;
  private @Nullable StateCommands state;

  Commands(ReplayMachine machine, int version, InstantSource clock) {
    this.machine = machine;
    this.version = version;
    this.clock = clock;
  }

  void start(StartMessage start) {
    state = new StateCommands(machine, this, new StateView(start));
  }

  int nextCompletion() {
    return nextCompletion++;
  }

  static Awaitable.Single completion(int id) {
    return new Awaitable.Single(new Completion(id));
  }

  // ---- time ----

  public Awaitable.Single sleep(String name, Duration duration) {
    var asked =
        SleepCommandMessage.newBuilder()
            .setName(name)
            .setWakeUpTime(dueIn(duration))
            .setResultCompletionId(nextCompletion())
            .build();
    var sleep = (SleepCommandMessage) machine.issue(MessageType.SLEEP, asked);
    return completion(sleep.getResultCompletionId());
  }

  private long dueIn(Duration duration) {
    return Math.max(0, clock.instant().plus(duration).toEpochMilli());
  }

  // ---- runs ----

  /** A run's completion id, and what to wait for. */
  public record Run(int id, int commandIndex, Awaitable.Single result) {}

  public Run run(String name) {
    int id = nextCompletion();
    machine.issue(
        MessageType.RUN,
        RunCommandMessage.newBuilder().setName(name).setResultCompletionId(id).build());
    if (!machine.notifications().knows(new Completion(id))) {
      machine.runs().add(id);
    }
    return new Run(id, machine.commandIndex(), completion(id));
  }

  public void proposeRunSuccess(int id, ByteString value) {
    propose(id, ProposeRunCompletionMessage.newBuilder().setValue(value));
  }

  public void proposeRunFailure(int id, int code, String message) {
    propose(id, ProposeRunCompletionMessage.newBuilder().setFailure(failure(code, message)));
  }

  private void propose(int id, ProposeRunCompletionMessage.Builder proposal) {
    if (machine.isClosed()) {
      return;
    }
    if (!machine.runs().settle(id)) {
      throw new IllegalStateException("Expected run %d to execute, but it does not".formatted(id));
    }
    machine.emit(MessageType.PROPOSE_RUN_COMPLETION, proposal.setResultCompletionId(id).build());
  }

  // ---- calls ----

  /** Whom to call; key and idempotency key may be empty. */
  public record Callee(
      String service,
      String key,
      String handler,
      @Nullable String idempotencyKey,
      Map<String, String> headers) {}

  /** What a call answers: first the callee's id, then its outcome. */
  public record Call(Awaitable.Single invocationId, Awaitable.Single result) {}

  public Call call(Callee callee, ByteString parameter) {
    var asked =
        CallCommandMessage.newBuilder()
            .setServiceName(callee.service())
            .setHandlerName(callee.handler())
            .setKey(callee.key())
            .setParameter(parameter)
            .addAllHeaders(headers(callee))
            .setInvocationIdNotificationIdx(nextCompletion())
            .setResultCompletionId(nextCompletion());
    if (callee.idempotencyKey() != null) {
      asked.setIdempotencyKey(callee.idempotencyKey());
    }
    var call = (CallCommandMessage) machine.issue(MessageType.CALL, asked.build());
    Awaitable.Single invocationId = completion(call.getInvocationIdNotificationIdx());
    machine.cancellation().addCallee(invocationId);
    return new Call(invocationId, completion(call.getResultCompletionId()));
  }

  /** Resolves to the callee's id. */
  public Awaitable.Single send(Callee callee, ByteString parameter, Duration delay) {
    var asked =
        OneWayCallCommandMessage.newBuilder()
            .setServiceName(callee.service())
            .setHandlerName(callee.handler())
            .setKey(callee.key())
            .setParameter(parameter)
            .addAllHeaders(headers(callee))
            .setInvokeTime(delay.isPositive() ? dueIn(delay) : 0)
            .setInvocationIdNotificationIdx(nextCompletion());
    if (callee.idempotencyKey() != null) {
      asked.setIdempotencyKey(callee.idempotencyKey());
    }
    var call = (OneWayCallCommandMessage) machine.issue(MessageType.ONE_WAY_CALL, asked.build());
    return completion(call.getInvocationIdNotificationIdx());
  }

  private static List<Header> headers(Callee callee) {
    return callee.headers().entrySet().stream()
        .map(it -> Header.newBuilder().setKey(it.getKey()).setValue(it.getValue()).build())
        .toList();
  }

  public Awaitable.Single attach(String invocationId) {
    int id = nextCompletion();
    machine.issue(
        MessageType.ATTACH_INVOCATION,
        AttachInvocationCommandMessage.newBuilder()
            .setInvocationId(invocationId)
            .setResultCompletionId(id)
            .build());
    return completion(id);
  }

  public void cancel(String invocationId) {
    machine.issue(
        MessageType.SEND_SIGNAL,
        SendSignalCommandMessage.newBuilder()
            .setTargetInvocationId(invocationId)
            .setIdx(MessageType.CANCEL_SIGNAL)
            .setVoid(Void.getDefaultInstance())
            .build());
  }

  // ---- awakeables ----

  public record NewAwakeable(String id, Awaitable.Single result) {}

  /** Nothing is written: the id follows from the invocation's id and the order of the calls. */
  public NewAwakeable awakeable() {
    int index = nextAwakeable++;
    ByteString invocation = machine.start().getId();
    ByteBuffer bytes = ByteBuffer.allocate(invocation.size() + Integer.BYTES);
    invocation.copyTo(bytes);
    bytes.putInt(index);
    return new NewAwakeable(
        "sign_1" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array()),
        new Awaitable.Single(new NotificationId.Signal(index)));
  }

  public void resolveAwakeable(String id, ByteString value) {
    machine.issue(
        MessageType.COMPLETE_AWAKEABLE,
        CompleteAwakeableCommandMessage.newBuilder()
            .setAwakeableId(id)
            .setValue(value(value))
            .build());
  }

  public void rejectAwakeable(String id, int code, String message) {
    machine.issue(
        MessageType.COMPLETE_AWAKEABLE,
        CompleteAwakeableCommandMessage.newBuilder()
            .setAwakeableId(id)
            .setFailure(failure(code, message))
            .build());
  }

  // ---- state ----

  /** State of the invocation's object. */
  public StateCommands state() {
    if (state == null) {
      throw new IllegalStateException("Expected a started attempt, but Start has not arrived");
    }
    return state;
  }

  // ---- chance ----

  /** The same seed in each attempt of an invocation. */
  public long randomSeed() {
    return version >= 6
        ? machine.start().getRandomSeed()
        : SeededRandom.seedOf(machine.start().getId());
  }

  // ---- the end ----

  public void succeed(ByteString result) {
    end(OutputCommandMessage.newBuilder().setValue(value(result)).build());
  }

  /** Ends the invocation, not only the attempt. */
  public void failTerminally(int code, String message) {
    end(OutputCommandMessage.newBuilder().setFailure(failure(code, message)).build());
  }

  private void end(Message output) {
    machine.issue(MessageType.OUTPUT, output);
    machine.end();
  }

  static Value value(ByteString content) {
    return Value.newBuilder().setContent(content).build();
  }

  private static Failure failure(int code, String message) {
    return Failure.newBuilder().setCode(code).setMessage(message).build();
  }
}
