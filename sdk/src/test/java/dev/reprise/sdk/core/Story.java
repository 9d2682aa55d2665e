package dev.reprise.sdk.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.StartMessage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * A story of one attempt: the journal that the server replays, what the handler does, what the
 * server says meanwhile, and what must have been written. The handler's awaits take the server's
 * next message whenever they need one; when there is none left the story ends where it stands.
 */
final class Story {
  static final Instant NOW = Instant.ofEpochMilli(1_000_000);
  static final ByteString ID =
      ByteString.fromHex("4666d48f18bfcb9720ba2461de3625fc62bc4742369c8ff8");

  /** What user code does with its journal. */
  interface Handler {
    void handle(Story story);
  }

  private final int version;
  private final List<ProtocolMessage> replay = new ArrayList<>();
  private final Queue<ProtocolMessage> live = new ArrayDeque<>();
  private final List<ProtocolMessage> written = new ArrayList<>();
  private final StartMessage.Builder start =
      StartMessage.newBuilder()
          .setId(ID)
          .setDebugId("inv_1d20mNM8pN2e7z1J57y9YwrgEPka5mvVVC")
          .setRandomSeed(42);
  private final ReplayMachine machine;
  private boolean requestEnds;
  private boolean completed;

  /** Ends a story whose handler waits for more than the server says. */
  private static final class StillWaiting extends RuntimeException {}

  private Story(MachineOptions options) {
    this.version = options.version();
    this.machine = new ReplayMachine(options, InstantSource.fixed(NOW));
  }

  static Story with(MachineOptions options) {
    return new Story(options);
  }

  static Story ofVersion(int version) {
    return new Story(MachineOptions.of(version));
  }

  /** Of version 6, whose journal begins with this input. */
  static Story withInput(String input) {
    return ofVersion(6).replays(Wire.input(input));
  }

  Story replays(ProtocolMessage... entries) {
    replay.addAll(List.of(entries));
    return this;
  }

  Story state(String key, String value) {
    start.addStateMap(
        StartMessage.StateEntry.newBuilder()
            .setKey(ByteString.copyFromUtf8(key))
            .setValue(ByteString.copyFromUtf8(value)));
    return this;
  }

  Story stateIsPartial() {
    start.setPartialState(true);
    return this;
  }

  Story retried(int times, long millis) {
    start.setRetryCountSinceLastStoredEntry(times).setDurationSinceLastStoredEntry(millis);
    return this;
  }

  /** What the server says after the replay, each when the handler waits for it. */
  Story serverSays(ProtocolMessage... messages) {
    live.addAll(List.of(messages));
    return this;
  }

  /** Request and response: nothing comes after the messages given. */
  Story requestEnds() {
    requestEnds = true;
    return this;
  }

  /** Runs the handler; it ends the invocation itself. */
  Story handler(Handler handler) {
    try {
      begin();
      handler.handle(this);
      completed = true;
    } catch (AttemptEnded | StillWaiting e) {
      // The story is told: what was written counts.
    }
    written.addAll(machine.takeOutput());
    return this;
  }

  /** Runs a handler that checks things itself and must come to its last line. */
  Story checks(Handler handler) {
    handler(handler);
    assertThat(completed).as("the handler ran to its end").isTrue();
    return this;
  }

  private void begin() {
    feed(new ProtocolMessage(MessageType.START, start.setKnownEntries(replay.size()).build()));
    replay.forEach(this::feed);
    if (requestEnds && live.isEmpty()) {
      machine.inputClosed();
    }
  }

  void feed(ProtocolMessage message) {
    machine.receive(message.type(), message.body().toByteString());
  }

  /** Blocks as an attempt does; false when the invocation was cancelled meanwhile. */
  boolean await(Awaitable awaitable) {
    while (true) {
      switch (machine.progress(awaitable)) {
        case RESOLVED -> {
          return true;
        }
        case CANCELLED -> {
          return false;
        }
        case SUSPENDED -> throw new AttemptEnded("suspended");
        case BLOCKED -> next();
      }
    }
  }

  private void next() {
    ProtocolMessage message = live.poll();
    if (message == null) {
      throw new StillWaiting();
    }
    feed(message);
    if (requestEnds && live.isEmpty()) {
      machine.inputClosed();
    }
  }

  /** Awaits a value and returns it as text. */
  String value(Awaitable.Single single) {
    await(single);
    return single.result() instanceof NotificationResult.Success success
        ? success.value().toStringUtf8()
        : single.result().toString();
  }

  Commands ask() {
    return machine.commands();
  }

  ReplayMachine machine() {
    return machine;
  }

  /** A run, executed at once when the journal does not know its result. */
  Awaitable.Single run(String name, String result) {
    Commands.Run run = ask().run(name);
    if (machine.startRuns().contains(run.id())) {
      ask().proposeRunSuccess(run.id(), ByteString.copyFromUtf8(result));
    }
    return run.result();
  }

  void succeed(String output) {
    ask().succeed(ByteString.copyFromUtf8(output));
  }

  void writes(ProtocolMessage... expected) {
    assertThat(written).as("version %d", version).containsExactly(expected);
  }

  void writesNothing() {
    writes();
  }

  <M extends Message> M writesOnly(Class<M> type) {
    assertThat(written).hasSize(1);
    return type.cast(written.getFirst().body());
  }
}
