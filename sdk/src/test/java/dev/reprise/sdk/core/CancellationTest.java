package dev.reprise.sdk.core;

import static dev.reprise.sdk.core.Story.withInput;
import static dev.reprise.sdk.core.Wire.call;
import static dev.reprise.sdk.core.Wire.callDone;
import static dev.reprise.sdk.core.Wire.called;
import static dev.reprise.sdk.core.Wire.cancel;
import static dev.reprise.sdk.core.Wire.cancelled;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.output;
import static dev.reprise.sdk.core.Wire.outputFailure;
import static dev.reprise.sdk.core.Wire.propose;
import static dev.reprise.sdk.core.Wire.run;
import static dev.reprise.sdk.core.Wire.runDone;
import static dev.reprise.sdk.core.Wire.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Cancelling: the callees first, then the code; compensation goes on as ever. */
class CancellationTest {
  private static final Commands.Callee GREET =
      new Commands.Callee("greeter", "", "greet", null, Map.of());

  private static void callAndWait(Story it) {
    Commands.Call call = it.ask().call(GREET, ByteString.EMPTY);
    if (it.await(call.result())) {
      it.succeed(it.value(call.result()));
    } else {
      it.ask().failTerminally(409, "Cancelled");
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

  @Test
  void compensationWaitsAsEverUntilTheNextCancellation() {
    withInput("")
        .serverSays(called(1, "inv_child"), cancelled(), runDone(3, "undone"), cancelled())
        .checks(
            it -> {
              assertThat(it.await(it.ask().call(GREET, ByteString.EMPTY).result())).isFalse();
              assertThat(it.value(it.run("undo", "undone"))).isEqualTo("undone");
              assertThat(it.await(it.ask().awakeable().result())).isFalse();
            })
        .writes(
            call(2, "greeter", "greet", ""),
            cancel("inv_child"),
            run(3, "undo"),
            propose(3, "undone"));
  }
}
