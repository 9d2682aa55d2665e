package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.AwaitingOnMessage;
import dev.reprise.api.protocol.EndMessage;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.Future;
import dev.reprise.api.protocol.InputCommandMessage;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.ProposeRunCompletionAckMessage;
import dev.reprise.api.protocol.ProposeRunCompletionMessage;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.sdk.core.MachineState.Closed;
import dev.reprise.sdk.core.MachineState.Processing;
import dev.reprise.sdk.core.MachineState.Replaying;
import dev.reprise.sdk.core.MachineState.WaitingReplayEntries;
import dev.reprise.sdk.core.MachineState.WaitingStart;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt, seen from the service: takes the server's messages, compares what user code asks
 * with the journal, and says which messages to write. {@link Commands} is its other half, the
 * requests of user code.
 *
 * <p>Confined to the attempt's thread. Whatever ends the attempt is written to the output before
 * {@link AttemptEnded} is thrown; afterwards the machine is closed and ignores everything.
 *
 * <p>Longer than other files on purpose: all transitions of {@link MachineState} are on this page.
 */
public final class ReplayMachine {
  private static final int ACKS_SINCE = 7;
  private static final int BEHAVIOR_SINCE = 7;
  private static final int AWAITING_ON_SINCE = 7;

  private final MachineOptions options;
  private final Commands commands;
  private final Notifications notifications = new Notifications();
  private final Cancellation cancellation;
  private final OpenRuns runs = new OpenRuns();
  private MachineState state = new WaitingStart();
  private final Output output = new Output();
  private boolean inputClosed;
  private @Nullable StartMessage start;
  private @Nullable InputCommandMessage input;
  private int commandIndex = -1;
  private @Nullable ProtocolMessage lastCommand;
  private @Nullable Future announced;

  /**
   * @param clock for the due times of sleeps and delayed sends
   */
  public ReplayMachine(MachineOptions options, InstantSource clock) {
    this.options = options;
    this.commands = new Commands(this, options.version(), clock);
    this.cancellation = new Cancellation(options.implicitCancellation());
  }

  public Commands commands() {
    return commands;
  }

  // ---- the server's side ----

  /** Takes the next frame. */
  public void receive(int type, ByteString payload) {
    if (isClosed()) {
      return;
    }
    ProtocolMessage message = decode(type, payload);
    state =
        switch (state) {
          case WaitingStart waiting -> start(message);
          case WaitingReplayEntries waiting -> replayEntry(waiting, message);
          case Replaying replaying -> {
            notification(message);
            yield replaying;
          }
          case Processing processing -> {
            if (message.body() instanceof ProposeRunCompletionAckMessage ack) {
              acknowledged(ack.getCompletionId());
            } else {
              notification(message);
            }
            yield processing;
          }
          case Closed closed -> closed;
        };
  }

  /** The server says nothing more: from now on an await that cannot go on suspends. */
  public void inputClosed() {
    inputClosed = true;
    if (!isClosed() && !isReady()) {
      throw violation("Expected the whole journal, but the request ended before it");
    }
  }

  /** The stream is gone; nobody reads what we would write. */
  public void abandon() {
    state = new Closed();
    output.take();
  }

  private ProtocolMessage decode(int type, ByteString payload) {
    try {
      ProtocolMessage message = ProtocolMessage.decode(type, payload);
      if (message == null) {
        throw violation("Expected a message of a server, but got type " + MessageType.nameOf(type));
      }
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw violation(
          "Expected a readable %s, but %s".formatted(MessageType.nameOf(type), e.getMessage()));
    }
  }

  private MachineState start(ProtocolMessage message) {
    if (!(message.body() instanceof StartMessage first)) {
      throw violation("Expected Start as first message, but got " + message.title());
    }
    if (first.getKnownEntries() < 1) {
      throw violation("Expected a journal of at least one entry, but Start announces none");
    }
    start = first;
    commands.start(first);
    return new WaitingReplayEntries(first.getKnownEntries(), new ArrayDeque<>());
  }

  private MachineState replayEntry(WaitingReplayEntries waiting, ProtocolMessage message) {
    if (MessageType.isCommand(message.type())) {
      waiting.commands().add(message);
    } else {
      notification(message);
    }
    if (waiting.missing() > 1) {
      return new WaitingReplayEntries(waiting.missing() - 1, waiting.commands());
    }
    ProtocolMessage first = waiting.commands().poll();
    if (first == null || !(first.body() instanceof InputCommandMessage given)) {
      throw violation(
          "Expected Input as first command, but got " + (first == null ? "none" : first.title()));
    }
    input = given;
    commandIndex = 0;
    lastCommand = first;
    return waiting.commands().isEmpty() ? new Processing(false) : new Replaying(waiting.commands());
  }

  private void notification(ProtocolMessage message) {
    if (!(message.body() instanceof NotificationTemplate body)) {
      throw violation("Expected a notification, but got " + message.title());
    }
    if (!notifications.add(body)) {
      throw violation(
          "Expected an id and a result in %s, but one is missing".formatted(message.title()));
    }
  }

  /** The result of a run is durable: it takes its place among the notifications. */
  private void acknowledged(int completion) {
    NotificationResult result = runs.acknowledge(completion);
    if (result == null) {
      throw violation(
          "Expected an acknowledgement of a run's proposal, but got one for completion "
              + Integer.toUnsignedString(completion));
    }
    notifications.add(new NotificationId.Completion(completion), result);
  }

  // ---- the handler's side ----

  /** Whether the whole journal is here, so that user code may run. */
  public boolean isReady() {
    return input != null;
  }

  public boolean isClosed() {
    return state instanceof Closed;
  }

  public StartMessage start() {
    if (start == null) {
      throw new IllegalStateException("Expected a started attempt, but Start has not arrived");
    }
    return start;
  }

  public InputCommandMessage input() {
    if (input == null) {
      throw new IllegalStateException("Expected a started attempt, but Input has not arrived");
    }
    return input;
  }

  /** Tries to resolve an await, reading as few notifications as possible. */
  public Progress progress(Awaitable awaited) {
    requireOpen();
    while (!cancellation.isSpreading()) {
      if (awaited.resolve(notifications)) {
        return Progress.RESOLVED;
      }
      if (cancellation.arrived(notifications)) {
        break;
      }
      if (!notifications.advance()) {
        return blockedOn(cancellation.alsoWaitingFor(awaited));
      }
    }
    return spreadCancellation();
  }

  /** Before user code hears of its cancellation, the invocations that it called do. */
  private Progress spreadCancellation() {
    Awaitable callees = cancellation.unknownCallees(notifications);
    while (callees != null) {
      if (!notifications.advance()) {
        return blockedOn(callees);
      }
      callees = cancellation.unknownCallees(notifications);
    }
    cancellation.finish().forEach(commands.signals()::cancel);
    return Progress.CANCELLED;
  }

  private Progress blockedOn(Awaitable awaited) {
    if (state instanceof Replaying) {
      throw mismatch("the handler waits for something that had not happened then");
    }
    if (!inputClosed || !runs.areSettled()) {
      announce(awaited);
      return Progress.BLOCKED;
    }
    close(MessageType.SUSPENSION, Suspension.of(awaited, options.version()));
    return Progress.SUSPENDED;
  }

  /** Tells people who ask the server what this attempt waits for; each time that it changes. */
  private void announce(Awaitable awaited) {
    if (options.version() < AWAITING_ON_SINCE || inputClosed || !runs.areSettled()) {
      return;
    }
    Future tree = Suspension.tree(awaited);
    if (!tree.equals(announced)) {
      announced = tree;
      emit(MessageType.AWAITING_ON, AwaitingOnMessage.newBuilder().setAwaitingOn(tree).build());
    }
  }

  /** Proposes a run's result. It becomes visible when the server says that it is durable. */
  void propose(ProposeRunCompletionMessage proposal, NotificationResult result) {
    int id = proposal.getResultCompletionId();
    if (!runs.settle(id)) {
      throw new IllegalStateException("Expected run %d to execute, but it does not".formatted(id));
    }
    boolean acked = options.version() >= ACKS_SINCE;
    if (acked) {
      runs.propose(id, result);
    }
    output.add(new ProtocolMessage(MessageType.PROPOSE_RUN_COMPLETION, proposal, acked));
  }

  /** Runs that have to be executed now; each is named once. */
  public List<Integer> startRuns() {
    return state instanceof Processing ? runs.start() : List.of();
  }

  /** How often and how long the newest stored command has been retried, for a run's own policy. */
  public RetryInfo retryInfo() {
    boolean newCommands = !(state instanceof Processing processing) || processing.wroteCommand();
    int count = start().getRetryCountSinceLastStoredEntry();
    return newCommands || count == 0
        ? new RetryInfo(0, Duration.ZERO)
        : new RetryInfo(count, Duration.ofMillis(start().getDurationSinceLastStoredEntry()));
  }

  public record RetryInfo(int count, Duration elapsed) {}

  // ---- the end ----

  /** Writes {@code End}; the output was written before. */
  void end() {
    close(MessageType.END, EndMessage.getDefaultInstance());
  }

  /** Ends the attempt as failed: the server tries again. Ignored once closed. */
  public void fail(ErrorMessage.Builder error) {
    if (isClosed()) {
      return;
    }
    if (!error.hasRelatedCommandIndex() && lastCommand != null) {
      error
          .setRelatedCommandIndex(commandIndex)
          .setRelatedCommandName(lastCommand.name())
          .setRelatedCommandType(lastCommand.type());
    }
    if (options.version() < BEHAVIOR_SINCE) {
      error.clearBehavior(); // Then the invocation's own policy decides.
    }
    close(MessageType.ERROR, error.build());
  }

  private void close(int type, Message last) {
    emit(type, last);
    state = new Closed();
  }

  /** The server broke the protocol. */
  public AttemptEnded violation(String message) {
    fail(ErrorMessage.newBuilder().setCode(ErrorCode.PROTOCOL_VIOLATION).setMessage(message));
    return new AttemptEnded(message, true);
  }

  /** User code asks for what this version of the protocol cannot say. */
  AttemptEnded unsupported(String message) {
    fail(ErrorMessage.newBuilder().setCode(ErrorCode.UNSUPPORTED_FEATURE).setMessage(message));
    return new AttemptEnded(message, true);
  }

  /** The journal holds another command than the one that the handler asks for now. */
  private AttemptEnded mismatch(String instead) {
    ProtocolMessage recorded = nextRecorded();
    if (recorded == null) {
      throw new NoSuchElementException("Expected a recorded command, but there is none");
    }
    int index = commandIndex + 1;
    String message =
        "Expected command %d to be %s as the journal recorded it, but %s. The handler's code changed, or depends on something that is not journaled"
            .formatted(index, recorded.title(), instead);
    fail(
        ErrorMessage.newBuilder()
            .setCode(ErrorCode.JOURNAL_MISMATCH)
            .setMessage(message)
            .setBehavior(options.onMismatch())
            .setRelatedCommandIndex(index)
            .setRelatedCommandName(recorded.name())
            .setRelatedCommandType(recorded.type()));
    return new AttemptEnded(message, true);
  }

  // ---- for Commands ----

  Notifications notifications() {
    return notifications;
  }

  OpenRuns runs() {
    return runs;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** Index of the newest command; Input is 0. */
  int commandIndex() {
    return commandIndex;
  }

  /** The command that the journal holds next; null when there is none left. */
  @Nullable ProtocolMessage nextRecorded() {
    return state instanceof Replaying replaying ? replaying.commands().peek() : null;
  }

  /** Writes a command, or takes the recorded one when the journal already holds it. */
  Message issue(int type, Message body) {
    requireOpen();
    var command = new ProtocolMessage(type, body);
    if (state instanceof Replaying replaying) {
      command = replay(replaying, command);
    } else {
      emit(type, body);
      state = new Processing(true);
    }
    commandIndex++;
    lastCommand = command;
    return command.body();
  }

  private ProtocolMessage replay(Replaying replaying, ProtocolMessage asked) {
    ProtocolMessage recorded = replaying.commands().element();
    String difference = CommandComparison.difference(recorded, asked);
    if (difference != null) {
      throw mismatch("the handler asks for " + difference);
    }
    replaying.commands().remove();
    if (replaying.commands().isEmpty()) {
      state = new Processing(false);
    }
    return recorded;
  }

  /** Writes a message that is not a command. */
  void emit(int type, Message body) {
    output.add(new ProtocolMessage(type, body));
  }

  private void requireOpen() {
    if (isClosed()) {
      throw new AttemptEnded("Expected a running attempt, but it has ended");
    }
    if (!isReady()) {
      throw new IllegalStateException("Expected a started attempt, but its journal is incomplete");
    }
  }

  // ---- output ----

  /** Bytes of payload that wait to be written. */
  public int outputBytes() {
    return output.bytes();
  }

  /** Hands over what is to be written, in order. */
  public List<ProtocolMessage> takeOutput() {
    return output.take();
  }
}
