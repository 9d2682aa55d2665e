package dev.reprise.sdk.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.Failure;
import dev.reprise.api.protocol.FailureMetadata;
import dev.reprise.api.protocol.OutputCommandMessage;
import dev.reprise.api.protocol.ProposeRunCompletionMessage;
import dev.reprise.api.protocol.RunCommandMessage;
import dev.reprise.api.protocol.SleepCommandMessage;
import dev.reprise.api.protocol.StartMessage;
import dev.reprise.api.protocol.Value;
import dev.reprise.sdk.core.NotificationId.Completion;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What user code may ask of its journal, one method for each command. Ids are given in the order of
 * the calls, so a replay gives the same ones.
 *
 * <p>Confined to the attempt's thread, as its {@link ReplayMachine}.
 */
public final class Commands {
  private static final int METADATA_SINCE = 6;
  private static final int SEED_SINCE = 6;

  private final ReplayMachine machine;
  private final int version;
  private final InstantSource clock;
  private final InvocationCommands invocations;
  private final SignalCommands signals;
  private final PromiseCommands promises;
  private int nextCompletion = 1;
  private @Nullable StateCommands state;

  Commands(ReplayMachine machine, int version, InstantSource clock) {
    this.machine = machine;
    this.version = version;
    this.clock = clock;
    this.invocations = new InvocationCommands(machine, this);
    this.signals = new SignalCommands(machine, this);
    this.promises = new PromiseCommands(machine, this);
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

  /** Ends the attempt when it speaks an older version. */
  void requireVersion(int since, String feature) {
    if (version < since) {
      throw machine.unsupported(
          "Expected service protocol %d or newer for %s, but this attempt speaks %d"
              .formatted(since, feature, version));
    }
  }

  // ---- families ----

  public InvocationCommands invocations() {
    return invocations;
  }

  public SignalCommands signals() {
    return signals;
  }

  /** Of the invocation's workflow. */
  public PromiseCommands promises() {
    return promises;
  }

  /** State of the invocation's object. */
  public StateCommands state() {
    if (state == null) {
      throw new IllegalStateException("Expected a started attempt, but Start has not arrived");
    }
    return state;
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

  long dueIn(Duration duration) {
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
    propose(
        ProposeRunCompletionMessage.newBuilder().setResultCompletionId(id).setValue(value),
        new NotificationResult.Success(value));
  }

  public void proposeRunFailure(int id, NotificationResult.Failed failure) {
    propose(
        ProposeRunCompletionMessage.newBuilder()
            .setResultCompletionId(id)
            .setFailure(failure(failure)),
        failure);
  }

  private void propose(ProposeRunCompletionMessage.Builder proposal, NotificationResult result) {
    if (!machine.isClosed()) {
      machine.propose(proposal.build(), result);
    }
  }

  // ---- chance ----

  /** The same seed in each attempt of an invocation. */
  public long randomSeed() {
    return version >= SEED_SINCE
        ? machine.start().getRandomSeed()
        : SeededRandom.seedOf(machine.start().getId());
  }

  // ---- the end ----

  public void succeed(ByteString result) {
    end(OutputCommandMessage.newBuilder().setValue(value(result)).build());
  }

  /** Ends the invocation, not only the attempt. */
  public void failTerminally(NotificationResult.Failed failure) {
    end(OutputCommandMessage.newBuilder().setFailure(failure(failure)).build());
  }

  private void end(Message output) {
    machine.issue(MessageType.OUTPUT, output);
    machine.end();
  }

  // ---- shared messages ----

  static Value value(ByteString content) {
    return Value.newBuilder().setContent(content).build();
  }

  Failure failure(NotificationResult.Failed failed) {
    if (!failed.metadata().isEmpty()) {
      requireVersion(METADATA_SINCE, "metadata of failures");
    }
    var failure = Failure.newBuilder().setCode(failed.code()).setMessage(failed.message());
    failed
        .metadata()
        .forEach(
            (key, value) ->
                failure.addMetadata(FailureMetadata.newBuilder().setKey(key).setValue(value)));
    return failure.build();
  }
}
