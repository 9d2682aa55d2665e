package dev.reprise.sdk.core;

import static dev.reprise.sdk.core.Story.withInput;
import static dev.reprise.sdk.core.Told.callDone;
import static dev.reprise.sdk.core.Told.called;
import static dev.reprise.sdk.core.Told.cancelled;
import static dev.reprise.sdk.core.Told.runDone;
import static dev.reprise.sdk.core.Wire.call;
import static dev.reprise.sdk.core.Wire.cancel;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.output;
import static dev.reprise.sdk.core.Wire.outputFailure;
import static dev.reprise.sdk.core.Wire.propose;
import static dev.reprise.sdk.core.Wire.run;
import static dev.reprise.sdk.core.Wire.suspension;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cancelling: the callees first, then the code; compensation goes on as ever. */
class CancellationTest {
  private static final InvocationCommands.Callee GREET =
      InvocationCommands.Callee.of("greeter", "", "greet");

  private static void callAndWait(Story it) {
    InvocationCommands.Call call = it.ask().invocations().call(GREET, ByteString.EMPTY);
    if (it.await(call.result())) {
      it.succeed(it.value(call.result()));
    } else {
      it.ask().failTerminally(new NotificationResult.Failed(409, "Cancelled"));
    }
  }

  @Test
  void aCancelledCallerCancelsItsCalleesAndFails() {
    withInput("")
        .serverSays(called(1, "inv_child"), cancelled())
        .handler(CancellationTest::callAndWait)
        .writes(
            call(2, "greeter", "greet", ""),
            cancel("inv_child"),
            outputFailure(409, "Cancelled"),
            end());
  }

  @Test
  void aReplayOfACancellationWritesNothingTwice() {
    withInput("")
        .replays(
            call(2, "greeter", "greet", ""),
            called(1, "inv_child"),
            cancelled(),
            cancel("inv_child"))
        .requestEnds()
        .handler(CancellationTest::callAndWait)
        .writes(outputFailure(409, "Cancelled"), end());
  }

  @Test
  void aCalleeWhoseIdIsNotKnownYetIsWaitedFor() {
    withInput("")
        .replays(call(2, "greeter", "greet", ""), cancelled())
        .requestEnds()
        .handler(CancellationTest::callAndWait)
        .writes(suspension(List.of(1), List.of()));
  }

  @Test
  void aResultThatIsThereBeforeTheCancellationWins() {
    withInput("")
        .serverSays(called(1, "inv_child"), callDone(2, "hi"), cancelled())
        .handler(CancellationTest::callAndWait)
        .writes(call(2, "greeter", "greet", ""), output("hi"), end());
  }

  // ---- left to user code ----

  private static Story explicit() {
    return Story.with(MachineOptions.of(6).explicitCancellation()).replays(Wire.input(""));
  }

  @Test
  void codeThatLooksItselfIsNotInterruptedAndItsCalleesAreLeftAlone() {
    explicit()
        .serverSays(called(1, "inv_child"), cancelled(), callDone(2, "hi"))
        .handler(CancellationTest::callAndWait)
        .writes(call(2, "greeter", "greet", ""), output("hi"), end());
  }

  @Test
  void codeThatLooksItselfSeesEachCancellation() {
    explicit()
        .serverSays(cancelled(), cancelled())
        .checks(
            it -> {
              assertThat(it.await(it.ask().signals().cancellation())).isTrue();
              assertThat(it.await(it.ask().signals().cancellation())).isTrue();
            });
  }

  @Test
  void codeThatLooksItselfSuspendsOnNothingElse() {
    explicit()
        .requestEnds()
        .handler(it -> it.await(it.ask().signals().awakeable().result()))
        .writes(suspension(List.of(), List.of(17)));
  }

  @Test
  void theSignalIsNotForCodeThatIsCancelledImplicitly() {
    withInput("")
        .checks(
            it ->
                assertThatThrownBy(() -> it.ask().signals().cancellation())
                    .hasMessageContaining("Expected a handler with explicit cancellation"));
  }

  @Test
  void compensationWaitsAsEverUntilTheNextCancellation() {
    withInput("")
        .serverSays(called(1, "inv_child"), cancelled(), runDone(3, "undone"), cancelled())
        .checks(
            it -> {
              assertThat(it.await(it.ask().invocations().call(GREET, ByteString.EMPTY).result()))
                  .isFalse();
              assertThat(it.value(it.run("undo", "undone"))).isEqualTo("undone");
              assertThat(it.await(it.ask().signals().awakeable().result())).isFalse();
            })
        .writes(
            call(2, "greeter", "greet", ""),
            cancel("inv_child"),
            run(3, "undo"),
            propose(3, "undone"));
  }
}
