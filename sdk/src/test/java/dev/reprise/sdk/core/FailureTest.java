package dev.reprise.sdk.core;

import static dev.reprise.sdk.core.Story.withInput;
import static dev.reprise.sdk.core.Told.runDone;
import static dev.reprise.sdk.core.Wire.call;
import static dev.reprise.sdk.core.Wire.getEager;
import static dev.reprise.sdk.core.Wire.input;
import static dev.reprise.sdk.core.Wire.output;
import static dev.reprise.sdk.core.Wire.run;
import static dev.reprise.sdk.core.Wire.set;
import static dev.reprise.sdk.core.Wire.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.NotificationTemplate;
import dev.reprise.api.protocol.StartMessage;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** What does not fit ends the attempt with words that help. */
class FailureTest {
  private static ErrorMessage mismatch(ProtocolMessage recorded, Story.Handler handler) {
    return withInput("")
        .replays(recorded, runDone(9, ""), run(9, "last"))
        .handler(handler)
        .writesOnly(ErrorMessage.class);
  }

  @Test
  void anotherKindOfCommandIsAMismatchThatNamesBoth() {
    ErrorMessage error =
        mismatch(run(1, "pick"), it -> it.ask().sleep("nap", Duration.ofSeconds(1)));

    assertThat(error.getCode()).isEqualTo(570);
    assertThat(error.getMessage())
        .startsWith(
            "Expected command 1 to be Run \"pick\" as the journal recorded it, but the handler asks for Sleep \"nap\".");
    assertThat(error.getRelatedCommandIndex()).isEqualTo(1);
    assertThat(error.getRelatedCommandName()).isEqualTo("pick");
    assertThat(error.getRelatedCommandType()).isEqualTo(0x0411);
  }

  @Test
  void aRunOfAnotherNameIsAMismatchThatNamesTheField() {
    assertThat(mismatch(run(1, "pick"), it -> it.ask().run("choose")).getMessage())
        .contains("Run \"choose\" with another name (recorded: \"pick\", now: \"choose\")");
  }

  @Test
  void aSleepOfAnotherNameIsAMismatch() {
    assertThat(mismatch(sleep(1, "nap", 5), it -> it.ask().sleep("rest", Duration.ZERO)).getCode())
        .isEqualTo(570);
  }

  @Test
  void aCallWithAnotherParameterIsAMismatchThatShowsNoPayload() {
    var callee = InvocationCommands.Callee.of("greeter", "", "greet");
    String message =
        mismatch(
                call(2, "greeter", "greet", "secret"),
                it -> it.ask().invocations().call(callee, ByteString.copyFromUtf8("hidden!")))
            .getMessage();

    assertThat(message).contains("another parameter (recorded: 6 bytes, now: 7 bytes)");
    assertThat(message).doesNotContain("secret").doesNotContain("hidden");
  }

  @Test
  void aCallWithAnIdempotencyKeyThatWasNotThereIsAMismatch() {
    var callee = InvocationCommands.Callee.of("greeter", "", "greet").idempotencyKey("k");
    assertThat(
            mismatch(
                    call(2, "greeter", "greet", ""),
                    it -> it.ask().invocations().call(callee, ByteString.EMPTY))
                .getMessage())
        .contains("idempotency_key (recorded: none, now: \"k\")");
  }

  @Test
  void stateOfAnotherKeyIsAMismatch() {
    assertThat(mismatch(getEager("count", "1"), it -> it.ask().state().get("sum")).getMessage())
        .contains("key (recorded: \"count\", now: \"sum\")");
  }

  @Test
  void stateWithAnotherValueIsAMismatch() {
    assertThat(
            mismatch(
                    set("count", "1"),
                    it -> it.ask().state().set("count", ByteString.copyFromUtf8("2")))
                .getCode())
        .isEqualTo(570);
  }

  @Test
  void aHandlerThatReturnsBeforeItsJournalEndsIsAMismatch() {
    assertThat(mismatch(run(1, "pick"), it -> it.succeed("")).getMessage())
        .contains("Run \"pick\"", "but the handler asks for Output");
  }

  @Test
  void waitingForWhatHadNotHappenedIsAMismatch() {
    ErrorMessage error = mismatch(run(1, "pick"), it -> it.await(it.run("pick", "never executed")));

    assertThat(error.getCode()).isEqualTo(570);
    assertThat(error.getRelatedCommandIndex()).isEqualTo(2);
  }

  @Test
  void anotherOutputThanTheJournalsIsAMismatch() {
    ErrorMessage error =
        withInput("")
            .replays(output("1"))
            .handler(it -> it.succeed("2"))
            .writesOnly(ErrorMessage.class);
    assertThat(error.getCode()).isEqualTo(570);
  }

  @Test
  void anAttemptThatFailsNamesItsNewestCommand() {
    ErrorMessage error =
        withInput("")
            .replays(run(1, "pick"), runDone(1, ""))
            .handler(
                it -> {
                  it.await(it.run("pick", ""));
                  it.machine().fail(ErrorMessage.newBuilder().setCode(500).setMessage("boom"));
                  it.machine().fail(ErrorMessage.newBuilder().setCode(501).setMessage("again"));
                })
            .writesOnly(ErrorMessage.class);

    assertThat(error.getMessage()).isEqualTo("boom");
    assertThat(error.getRelatedCommandIndex()).isEqualTo(1);
    assertThat(error.getRelatedCommandName()).isEqualTo("pick");
  }

  // ---- the server's mistakes ----

  private static ErrorMessage violation(ProtocolMessage... messages) {
    var machine = new ReplayMachine(MachineOptions.of(6), InstantSource.fixed(Story.NOW));
    try {
      for (ProtocolMessage message : messages) {
        machine.receive(message.type(), message.body().toByteString());
      }
      machine.inputClosed();
    } catch (AttemptEnded e) {
      assertThat(e.isBroken()).isTrue();
    }
    assertThat(machine.isClosed()).isTrue();
    var written = machine.takeOutput();
    assertThat(written).hasSize(1);
    var error = (ErrorMessage) written.getFirst().body();
    assertThat(error.getCode()).isEqualTo(571);
    return error;
  }

  private static ProtocolMessage start(int entries) {
    return new ProtocolMessage(
        MessageType.START, StartMessage.newBuilder().setKnownEntries(entries).build());
  }

  @Test
  void anAttemptThatDoesNotBeginWithStartIsAViolation() {
    assertThat(violation(input("")).getMessage()).contains("Start", "Input");
  }

  @Test
  void aJournalWithoutEntriesIsAViolation() {
    assertThat(violation(start(0)).getMessage()).contains("at least one entry");
  }

  @Test
  void aJournalThatDoesNotBeginWithInputIsAViolation() {
    assertThat(violation(start(1), run(1, "")).getMessage()).contains("Input", "Run");
  }

  @Test
  void aRequestThatEndsWithinTheReplayIsAViolation() {
    assertThat(violation(start(2), input("")).getMessage()).contains("whole journal");
  }

  @Test
  void aCommandAfterTheReplayIsAViolation() {
    assertThat(violation(start(1), input(""), run(1, "late")).getMessage())
        .contains("Run \"late\"");
  }

  @Test
  void aNotificationWithoutResultIsAViolation() {
    var empty =
        new ProtocolMessage(
            MessageType.RUN_COMPLETION,
            NotificationTemplate.newBuilder().setCompletionId(1).build());
    assertThat(violation(start(1), input(""), empty).getMessage()).contains("result");
  }

  @Test
  void aMessageThatOnlyServicesSendIsAViolation() {
    assertThat(
            violation(
                    start(1),
                    input(""),
                    new ProtocolMessage(MessageType.SUSPENSION, StartMessage.getDefaultInstance()))
                .getMessage())
        .contains("Suspension");
  }

  @Test
  void bytesThatAreNoMessageAreAViolation() {
    var machine = new ReplayMachine(MachineOptions.of(6), InstantSource.fixed(Story.NOW));
    assertThat(
            org.assertj.core.api.Assertions.catchThrowableOfType(
                    AttemptEnded.class,
                    () -> machine.receive(MessageType.START, ByteString.fromHex("0aff")))
                .getMessage())
        .contains("readable Start");
  }
}
