package dev.reprise.sdk.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.ErrorMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One attempt of a transcript: what the server says, and what was written. */
final class TranscriptAttempt {
  private final ReplayMachine machine;
  private final List<String> script;
  private final Queue<String> incoming = new ArrayDeque<>();
  private final boolean first;

  TranscriptAttempt(int version, List<String> script, boolean first) {
    this.machine =
        new ReplayMachine(MachineOptions.of(version), InstantSource.fixed(Instant.ofEpochMilli(1)));
    this.script = script;
    this.first = first;
    script.stream().filter(line -> line.startsWith("> ")).forEach(incoming::add);
  }

  boolean isFirst() {
    return first;
  }

  ReplayMachine machine() {
    return machine;
  }

  Commands ask() {
    return machine.commands();
  }

  String id() {
    return machine.start().getDebugId();
  }

  void play(TranscriptPrograms.Program program) {
    try {
      while (!machine.isReady()) {
        next();
      }
      program.execute(this);
    } catch (AttemptEnded e) {
      assertThat(e.isBroken()).as(e.getMessage()).isFalse();
    }
    List<ProtocolMessage> written = machine.takeOutput();
    List<String> expected =
        new ArrayList<>(
            script.stream()
                .filter(line -> line.startsWith("< ") && !line.equals("< EOF"))
                .map(TranscriptAttempt::hex)
                .toList());
    boolean announces = script.stream().anyMatch(line -> line.contains("AwaitingOn"));
    written =
        written.stream().filter(it -> announces || it.type() != MessageType.AWAITING_ON).toList();
    assertThat(
            written.stream()
                .map(TranscriptAttempt::frame)
                .map(TranscriptAttempt::withoutDetails)
                .toList())
        .isEqualTo(expected.stream().map(TranscriptAttempt::withoutDetails).toList());
  }

  private static String hex(String line) {
    return line.substring(2).trim().replaceFirst("^\\S+", "").replace("|", "").replace(" ", "");
  }

  private static String frame(ProtocolMessage message) {
    long header =
        MessageFraming.header(message.type(), message.body().getSerializedSize())
            | (message.requestsAck() ? MessageFraming.REQUESTED_ACK : 0);
    return HexFormat.of().toHexDigits(header)
        + HexFormat.of().formatHex(message.body().toByteArray());
  }

  /** An error's code and message only; every other frame as it is. */
  private static String withoutDetails(String frame) {
    byte[] bytes = HexFormat.of().parseHex(frame);
    if (bytes[0] != 0 || bytes[1] != MessageType.ERROR) {
      return frame;
    }
    try {
      var error = ErrorMessage.parseFrom(ByteString.copyFrom(bytes, 8, bytes.length - 8));
      return "Error " + error.getCode() + " " + error.getMessage();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void next() {
    String line = incoming.poll();
    assertThat(line).as("the server's next frame").isNotNull();
    if (line.equals("> EOF")) {
      machine.inputClosed();
      return;
    }
    ByteString bytes = ByteString.copyFrom(HexFormat.of().parseHex(hex(line)));
    int type = bytes.asReadOnlyByteBuffer().getChar();
    machine.receive(type, bytes.substring(MessageFraming.HEADER_BYTES));
  }

  /** False when the invocation was cancelled meanwhile. */
  boolean await(Awaitable awaited) {
    while (true) {
      switch (machine.progress(awaited)) {
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

  String value(Awaitable.Single single) {
    await(single);
    return ((NotificationResult.Success) single.result()).value().toStringUtf8();
  }

  NotificationResult.Failed failure(Awaitable.Single single) {
    await(single);
    var failed = (NotificationResult.Failed) single.result();
    return new NotificationResult.Failed(failed.code(), failed.message());
  }

  String awakeable() {
    return value(ask().signals().awakeable().result());
  }

  /** Of the invocation that the transcript is about; its name stands in the frame. */
  void completeAwakeable(String value, NotificationResult.@Nullable Failed failure) {
    String frame =
        script.stream().filter(it -> it.contains("CompleteAwakeable")).findFirst().orElseThrow();
    String text = new String(HexFormat.of().parseHex(hex(frame)), StandardCharsets.ISO_8859_1);
    String id = text.substring(text.indexOf("sign_1"), text.indexOf("sign_1") + 44);
    if (failure == null) {
      ask().signals().resolveAwakeable(id, ByteString.copyFromUtf8(value));
    } else {
      ask().signals().rejectAwakeable(id, failure);
    }
    succeed("");
  }

  /** Sends a signal to the invocation that the transcript is about. */
  void tell(Consumer<String> signal) {
    String frame =
        script.stream().filter(it -> it.contains("SendSignal")).findFirst().orElseThrow();
    String text = new String(HexFormat.of().parseHex(hex(frame)), StandardCharsets.ISO_8859_1);
    signal.accept(text.substring(text.indexOf("inv_1"), text.indexOf("inv_1") + 38));
    succeed("");
  }

  /** A step, executed when the journal does not know its result. */
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

  void fail(NotificationResult.Failed failure) {
    ask().failTerminally(failure);
  }
}
