package dev.reprise.sdk.core;

import static dev.reprise.sdk.core.Story.withInput;
import static dev.reprise.sdk.core.Told.callDone;
import static dev.reprise.sdk.core.Told.called;
import static dev.reprise.sdk.core.Told.runDone;
import static dev.reprise.sdk.core.Told.signal;
import static dev.reprise.sdk.core.Told.sleepDone;
import static dev.reprise.sdk.core.Wire.call;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.input;
import static dev.reprise.sdk.core.Wire.output;
import static dev.reprise.sdk.core.Wire.outputFailure;
import static dev.reprise.sdk.core.Wire.propose;
import static dev.reprise.sdk.core.Wire.run;
import static dev.reprise.sdk.core.Wire.send;
import static dev.reprise.sdk.core.Wire.sleep;
import static dev.reprise.sdk.core.Wire.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An attempt from its first message to its last: replay, runs, sleeps, calls, suspension. */
class ReplayMachineTest {
  private static final long IN_A_SECOND = Story.NOW.toEpochMilli() + 1000;

  private static void pickAndNap(Story it) {
    String picked = it.value(it.run("pick", "7"));
    it.await(it.ask().sleep("nap", Duration.ofSeconds(1)));
    it.succeed(it.machine().input().getValue().getContent().toStringUtf8() + picked);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6})
  void anOutputPrecedesTheEnd(int version) {
    Story.ofVersion(version)
        .replays(input("5"))
        .handler(it -> it.succeed("12"))
        .writes(output("12"), end());
  }

  @Test
  void metadataOfAFailureIsWrittenSorted() {
    var failed = new NotificationResult.Failed(409, "nope", java.util.Map.of("a", "b"));
    withInput("")
        .handler(it -> it.ask().failTerminally(failed))
        .writes(Wire.outputFailure(409, "nope", "a", "b"), end());
    var error =
        Story.ofVersion(5)
            .replays(Wire.input(""))
            .handler(it -> it.ask().failTerminally(failed))
            .writesOnly(dev.reprise.api.protocol.ErrorMessage.class);
    assertThat(error.getCode()).as("version 5 has none").isEqualTo(573);
  }

  @Test
  void aTerminalFailureIsAnOutputToo() {
    withInput("")
        .handler(it -> it.ask().failTerminally(new NotificationResult.Failed(409, "nope")))
        .writes(outputFailure(409, "nope"), end());
  }

  @Test
  void aRunContinuesOnlyAfterItsResultCameBack() {
    withInput("5").handler(ReplayMachineTest::pickAndNap).writes(run(1, "pick"), propose(1, "7"));
  }

  @Test
  void anAttemptThatIsAnsweredGoesThroughToItsEnd() {
    withInput("5")
        .serverSays(runDone(1, "7"), sleepDone(2))
        .handler(ReplayMachineTest::pickAndNap)
        .writes(run(1, "pick"), propose(1, "7"), sleep(2, "nap", IN_A_SECOND), output("57"), end());
  }

  @Test
  void whenTheRequestIsClosedARunIsProposedBeforeTheSuspension() {
    withInput("5")
        .requestEnds()
        .handler(ReplayMachineTest::pickAndNap)
        .writes(run(1, "pick"), propose(1, "7"), suspension(List.of(1), List.of(1)));
  }

  @Test
  void aReplayedRunIsNotExecutedAgain() {
    withInput("5")
        .replays(run(1, "pick"), runDone(1, "8"))
        .requestEnds()
        .handler(ReplayMachineTest::pickAndNap)
        .writes(sleep(2, "nap", IN_A_SECOND), suspension(List.of(2), List.of(1)));
  }

  @Test
  void aReplayedRunWithoutResultIsExecutedAgain() {
    withInput("5")
        .replays(run(1, "pick"))
        .requestEnds()
        .handler(ReplayMachineTest::pickAndNap)
        .writes(propose(1, "7"), suspension(List.of(1), List.of(1)));
  }

  @Test
  void theSleepOfTheJournalStaysInForceWhateverTheClockSaysNow() {
    withInput("5")
        .replays(run(1, "pick"), runDone(1, "7"), sleep(2, "nap", 17))
        .requestEnds()
        .handler(ReplayMachineTest::pickAndNap)
        .writes(suspension(List.of(2), List.of(1)));
  }

  @Test
  void anAttemptWithAWholeJournalWritesOnlyWhatIsNew() {
    withInput("5")
        .replays(run(1, "pick"), runDone(1, "7"), sleep(2, "nap", 17), sleepDone(2))
        .requestEnds()
        .handler(ReplayMachineTest::pickAndNap)
        .writes(output("57"), end());
  }

  @Test
  void anAttemptWhoseOutputIsInTheJournalWritesItsEndOnly() {
    withInput("5")
        .replays(run(1, "pick"), runDone(1, "7"), sleep(2, "nap", 17), sleepDone(2), output("57"))
        .handler(ReplayMachineTest::pickAndNap)
        .writes(end());
  }

  @Test
  void anAttemptDoesNotSuspendWhileItsRequestIsOpen() {
    withInput("")
        .handler(it -> it.await(it.ask().sleep("", Duration.ofSeconds(1))))
        .writes(sleep(1, "", IN_A_SECOND));
  }

  @Test
  void anAttemptDoesNotSuspendWhileARunExecutes() {
    Story story = withInput("").requestEnds();
    story.checks(
        it -> {
          Commands.Run open = it.ask().run("long");
          assertThat(it.machine().startRuns()).containsExactly(open.id());
          Awaitable.Single nap = it.ask().sleep("", Duration.ofSeconds(1));

          assertThat(it.machine().progress(nap)).isEqualTo(Progress.BLOCKED);

          it.ask().proposeRunSuccess(open.id(), ByteString.EMPTY);
          assertThat(it.machine().progress(nap)).isEqualTo(Progress.SUSPENDED);
        });
    story.writes(
        run(1, "long"),
        sleep(2, "", IN_A_SECOND),
        propose(1, ""),
        suspension(List.of(2), List.of(1)));
  }

  @Test
  void aRunBehindOthersInTheReplayStartsOnlyWhenAllIsReplayed() {
    withInput("")
        .replays(run(1, "a"), run(2, "b"))
        .checks(
            it -> {
              it.ask().run("a");
              assertThat(it.machine().startRuns()).isEmpty();
              it.ask().run("b");
              assertThat(it.machine().startRuns()).containsExactly(1, 2);
              assertThat(it.machine().startRuns()).as("each once").isEmpty();
            })
        .writesNothing();
  }

  @Test
  void aCallTakesTwoIdsAndASendOne() {
    var greet = InvocationCommands.Callee.of("greeter", "", "greet");
    withInput("")
        .serverSays(called(1, "inv_a"), callDone(2, "hi"))
        .handler(
            it -> {
              InvocationCommands.Call call =
                  it.ask().invocations().call(greet, ByteString.copyFromUtf8("x"));
              it.ask().invocations().send(greet, ByteString.EMPTY, Duration.ZERO);
              it.ask().invocations().send(greet, ByteString.EMPTY, Duration.ofSeconds(1));
              it.succeed(it.value(call.result()));
            })
        .writes(
            call(2, "greeter", "greet", "x"),
            send(3, "greeter", "greet", "", 0),
            send(4, "greeter", "greet", "", IN_A_SECOND),
            output("hi"),
            end());
  }

  @Test
  void theDueTimeOfADelayedSendIsNotComparedOnReplay() {
    var greet = InvocationCommands.Callee.of("greeter", "", "greet");
    withInput("")
        .replays(send(1, "greeter", "greet", "", 123))
        .handler(
            it -> {
              it.ask().invocations().send(greet, ByteString.EMPTY, Duration.ofSeconds(1));
              it.succeed("");
            })
        .writes(output(""), end());
  }

  @Test
  void anAwakeableIsASignalAndWritesNothing() {
    withInput("")
        .serverSays(signal(17, "pushed"))
        .handler(
            it -> {
              SignalCommands.NewAwakeable awakeable = it.ask().signals().awakeable();
              it.succeed(it.value(awakeable.result()));
            })
        .writes(output("pushed"), end());
  }

  @Test
  void anAwakeableIsAwaitedWithTheSignalOfItsNumber() {
    withInput("")
        .requestEnds()
        .handler(
            it -> {
              it.ask().signals().awakeable();
              it.await(it.ask().signals().awakeable().result());
            })
        .writes(suspension(List.of(), List.of(1, 18)));
  }

  @Test
  void theIdOfAnAwakeableIsMadeOfTheInvocationsIdAndItsNumber() {
    withInput("")
        .checks(
            it ->
                assertThat(it.ask().signals().awakeable().id())
                    .isEqualTo("sign_1RmbUjxi_y5cguiRh3jYl_GK8R0I2nI_4AAAAEQ"));
  }

  @Test
  void nothingIsWrittenAfterTheEnd() {
    withInput("")
        .handler(
            it -> {
              it.succeed("1");
              it.run("late", "2");
            })
        .writes(output("1"), end());
  }

  @Test
  void aStreamThatIsGoneIsNotWrittenTo() {
    withInput("")
        .handler(
            it -> {
              it.run("a", "1");
              it.machine().abandon();
              it.succeed("");
            })
        .writesNothing();
  }
}
