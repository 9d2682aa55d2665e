package dev.reprise.sdk.runtime;

import static dev.reprise.sdk.core.Told.cancelled;
import static dev.reprise.sdk.core.Told.runDone;
import static dev.reprise.sdk.core.Told.runFailed;
import static dev.reprise.sdk.core.Told.sleepDone;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.getEager;
import static dev.reprise.sdk.core.Wire.getEagerNothing;
import static dev.reprise.sdk.core.Wire.input;
import static dev.reprise.sdk.core.Wire.output;
import static dev.reprise.sdk.core.Wire.outputFailure;
import static dev.reprise.sdk.core.Wire.propose;
import static dev.reprise.sdk.core.Wire.proposeFailure;
import static dev.reprise.sdk.core.Wire.run;
import static dev.reprise.sdk.core.Wire.set;
import static dev.reprise.sdk.core.Wire.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageType;
import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.VirtualObject;
import dev.reprise.sdk.core.ProtocolMessage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** User code on its own thread: what authors write, and what the server sees of it. */
@Timeout(30)
class AttemptTest {
  @VirtualObject
  static class Counter {
    private static final StateKey<Integer> COUNT = StateKey.of("count", Integer.class);

    @Handler
    String add(ObjectContext ctx, int more) {
      int count = ctx.get(COUNT).orElse(0) + more;
      ctx.set(COUNT, count);
      return ctx.key() + " " + ctx.get(COUNT).orElseThrow();
    }
  }

  private static AttemptStory shop(String handler, String input) {
    return AttemptStory.of(new Shop(), handler).replays(input(input));
  }

  @Test
  void aHandlerGetsItsInputAndItsOutputIsJson() {
    shop("order", "{\"item\":\"tea\",\"count\":2}")
        .begin()
        .writes(output("\"2 tea\""), end())
        .requestEnds()
        .ends();
  }

  @Test
  void anInputThatCannotBeReadEndsTheInvocationWith400() {
    var failure = shop("order", "{\"item\":").begin().next();
    assertThat(failure.body().toString()).contains("code: 400");
  }

  @Test
  void theResponseEndsOnlyAfterTheRequest() {
    AttemptStory story = shop("order", "{\"item\":\"tea\",\"count\":2}").begin();
    story.writes(output("\"2 tea\""), end());
    assertThat(story.services().runningAttempts()).isEqualTo(1);
    story.requestEnds().ends();
  }

  @Test
  void aStepIsExecutedOnceAndItsResultUsedWhenItIsDurable() {
    shop("pick", "")
        .begin()
        .writes(run(1, "pick"), propose(1, "1"))
        .says(runDone(1, "41"))
        .writes(output("41"), end())
        .requestEnds()
        .ends();
  }

  @Test
  void aReplayedStepIsNotExecuted() {
    var shop = new Shop();
    AttemptStory.of(shop, "pick")
        .replays(input(""), run(1, "pick"), runDone(1, "41"))
        .begin()
        .writes(output("41"), end())
        .requestEnds()
        .ends();
    assertThat(shop.executions).hasValue(0);
  }

  @Test
  void anAttemptSuspendsWhenItsRequestIsClosed() {
    AttemptStory story = shop("impatient", "").begin().requestEnds();
    assertThat(story.next().type()).isEqualTo(MessageType.SLEEP);
    story.writes(suspension(List.of(1), List.of(1, 17))).ends();
  }

  @Test
  void aTerminalFailureOfAStepReachesTheHandlerAfterItIsDurable() {
    shop("refuse", "")
        .begin()
        .writes(run(1, "charge"), proposeFailure(1, 402, "no money"))
        .says(runFailed(1, 402, "no money"))
        .writes(output("\"402 no money\""), end());
  }

  @Test
  void aFailingStepEndsTheAttemptWithTheRunsOwnPause() {
    ErrorMessage first = error(shop("flaky", "").begin(), run(1, "flaky"));
    assertThat(first.getNextRetryDelay()).isEqualTo(100);
    assertThat(first.getMessage()).contains("down");
    assertThat(first.getRelatedCommandType()).isEqualTo(MessageType.RUN);
    assertThat(first.getRelatedCommandIndex()).isEqualTo(1);

    ErrorMessage second = error(shop("flaky", "").replays(run(1, "flaky")).retried(1, 100).begin());
    assertThat(second.getNextRetryDelay()).isEqualTo(300);
  }

  @Test
  void aStepWhosePolicyIsExhaustedFailsTerminally() {
    shop("flaky", "")
        .replays(run(1, "flaky"))
        .retried(2, 400)
        .begin()
        .writes(proposeFailure(1, 500, "java.lang.IllegalStateException: down"));
  }

  @Test
  void anUnexpectedExceptionFailsTheAttemptAndLeavesTheRetryToTheServer() {
    ErrorMessage error = error(shop("crash", "").begin());
    assertThat(error.getCode()).isEqualTo(500);
    assertThat(error.getMessage()).isEqualTo("java.lang.IllegalStateException: bug");
    assertThat(error.getStacktrace()).contains("Shop.crash");
    assertThat(error.hasNextRetryDelay()).isFalse();
  }

  private static ErrorMessage error(AttemptStory story, ProtocolMessage... before) {
    story.writes(before);
    var error = (ErrorMessage) story.next().body();
    story.requestEnds().ends();
    return error;
  }

  @Test
  void stepsRunAtTheSameTimeAndTheirResultsKeepTheirOrder() {
    AttemptStory story = shop("parallel", "").begin();
    story.writes(run(1, "one"), run(2, "two"));
    assertThat(List.of(story.next(), story.next()))
        .containsExactlyInAnyOrder(propose(1, "1"), propose(2, "2"));
    story.says(runDone(2, "2")).says(runDone(1, "1")).writes(output("[1,2]"), end());
  }

  @Test
  void aHandlerEndsAfterTheStepsThatNobodyAwaits() {
    shop("forgotten", "").begin().writes(run(1, "mail"), propose(1, "1"), output(""), end());
  }

  @Test
  void whatDoesNotArriveInTimeIsNotWaitedFor() {
    AttemptStory story = shop("impatient", "").begin();
    assertThat(story.next().type()).isEqualTo(MessageType.SLEEP);
    story.says(sleepDone(1)).writes(output("\"too late\""), end());
  }

  @Test
  void aCancelledHandlerFailsWith409() {
    AttemptStory story = shop("impatient", "").begin();
    assertThat(story.next().type()).isEqualTo(MessageType.SLEEP);
    story.says(cancelled()).writes(outputFailure(409, "Cancelled"), end());
  }

  @Test
  void theContextRefusesToBeUsedInsideARun() {
    ErrorMessage error = error(shop("nested", "").begin(), run(1, "outer"));
    assertThat(error.getMessage()).contains("Expected", "inside of one");
  }

  @Test
  void theContextRefusesOtherThreads() {
    shop("notForOthers", "").begin().writes(outputFailure(418, "1"), end());
  }

  @Test
  void codeThatSwallowsTheEndOfItsAttemptCannotWriteMore() {
    var shop = new Shop();
    AttemptStory story = AttemptStory.of(shop, "swallow").replays(input("")).begin().requestEnds();
    assertThat(story.next().type()).isEqualTo(MessageType.SLEEP);
    story.writes(suspension(List.of(1), List.of(1))).ends();
    assertThat(shop.executions).hasValue(0);
  }

  @Test
  void aTypeWithParametersIsReadBack() {
    shop("fields", "")
        .replays(run(1, "load"), runDone(1, "[{\"item\":\"tea\",\"count\":2}]"))
        .begin()
        .writes(output("\"tea\""), end());
  }

  @Test
  void aVirtualObjectCountsInItsState() {
    AttemptStory.of(new Counter(), "add")
        .replays(input("5"))
        .begin()
        .writes(
            getEagerNothing("count"),
            set("count", "5"),
            getEager("count", "5"),
            output("\"Ada 5\""),
            end());
  }
}
