package dev.reprise.sdk.core;

import static dev.reprise.api.protocol.CombinatorType.ALL_COMPLETED;
import static dev.reprise.api.protocol.CombinatorType.ALL_SUCCEEDED_OR_FIRST_FAILED;
import static dev.reprise.api.protocol.CombinatorType.FIRST_COMPLETED;
import static dev.reprise.api.protocol.CombinatorType.FIRST_SUCCEEDED_OR_ALL_FAILED;
import static dev.reprise.sdk.core.Story.ofVersion;
import static dev.reprise.sdk.core.Told.runDone;
import static dev.reprise.sdk.core.Told.sleepDone;
import static dev.reprise.sdk.core.Wire.ack;
import static dev.reprise.sdk.core.Wire.awaitingOn;
import static dev.reprise.sdk.core.Wire.end;
import static dev.reprise.sdk.core.Wire.future;
import static dev.reprise.sdk.core.Wire.input;
import static dev.reprise.sdk.core.Wire.output;
import static dev.reprise.sdk.core.Wire.proposeForAck;
import static dev.reprise.sdk.core.Wire.run;
import static dev.reprise.sdk.core.Wire.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.protocol.ErrorMessage;
import dev.reprise.api.protocol.ErrorMessage.Behavior;
import dev.reprise.api.protocol.Future;
import dev.reprise.sdk.core.Awaitable.Combined;
import dev.reprise.sdk.core.Awaitable.Rule;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What version 7 says differently: trees, acknowledgements, and what follows a failure. */
class Version7Test {
  private static Story version7() {
    return ofVersion(7).replays(input(""));
  }

  private static Awaitable.Single sleep(Story it) {
    return it.ask().sleep("", Duration.ZERO);
  }

  /** A race with the cancel signal, as every await is. */
  private static Future.Builder orCancelled(Future.Builder... nested) {
    return future(FIRST_COMPLETED, nested).addWaitingSignals(1);
  }

  // ---- acknowledgements ----

  @Test
  void aRunIsAcknowledgedInsteadOfRepeated() {
    version7()
        .serverSays(ack(1))
        .handler(it -> it.succeed(it.value(it.run("pick", "7"))))
        .writes(
            run(1, "pick"),
            proposeForAck(1, "7"),
            awaitingOn(orCancelled().addWaitingCompletions(1)),
            output("7"),
            end());
  }

  @Test
  void aReplayHoldsTheResultWhereTheAcknowledgementWas() {
    version7()
        .replays(run(1, "pick"), runDone(1, "7"))
        .handler(it -> it.succeed(it.value(it.run("pick", "never executed"))))
        .writes(output("7"), end());
  }

  /** The ack's place among the notifications counts, not the moment of the proposal. */
  @Test
  void aRaceBetweenARunAndATimerIsDecidedByTheOrderOfTheServer() {
    version7()
        .serverSays(sleepDone(2), ack(1))
        .checks(
            it -> {
              Awaitable.Single picked = it.run("pick", "7");
              var race = new Combined(Rule.FIRST_COMPLETED, List.of(picked, sleep(it)));
              it.await(race);
              assertThat(race.decidedBy()).isEqualTo(1);
              assertThat(it.value(picked)).isEqualTo("7");
            });
  }

  @Test
  void anAcknowledgementOfNothingBreaksTheProtocol() {
    ErrorMessage error = version7().handler(it -> it.feed(ack(9))).writesOnly(ErrorMessage.class);
    assertThat(error.getCode()).isEqualTo(571);
    assertThat(error.getMessage()).contains("completion 9");
  }

  @Test
  void olderVersionsKnowNoAcknowledgement() {
    ErrorMessage error =
        Story.withInput("")
            .replays(run(1, "pick"))
            .handler(
                it -> {
                  it.run("pick", "7");
                  it.machine().takeOutput();
                  it.feed(ack(1));
                })
            .writesOnly(ErrorMessage.class);
    assertThat(error.getCode()).isEqualTo(571);
  }

  // ---- trees ----

  /** any([all([awk17, sleep1]), race([sleep2, sleep3])]), as another SDK was seen to say it. */
  @Test
  void aSuspensionKeepsTheShapeOfTheAwait() {
    Story story =
        version7()
            .requestEnds()
            .handler(
                it -> {
                  Awaitable.Single one = sleep(it);
                  var race = new Combined(Rule.FIRST_COMPLETED, List.of(sleep(it), sleep(it)));
                  var all =
                      new Combined(
                          Rule.ALL_SUCCEEDED_OR_FIRST_FAILED,
                          List.of(it.ask().signals().awakeable().result(), one));
                  it.machine().takeOutput();
                  it.await(new Combined(Rule.FIRST_SUCCEEDED_OR_ALL_FAILED, List.of(all, race)));
                });
    var all = future(ALL_SUCCEEDED_OR_FIRST_FAILED).addWaitingCompletions(1).addWaitingSignals(17);
    var race = future(FIRST_COMPLETED).addWaitingCompletions(2).addWaitingCompletions(3);
    var expected = suspension(orCancelled(future(FIRST_SUCCEEDED_OR_ALL_FAILED, all, race)));
    story.writes(expected);
    assertThat(HexFormat.of().formatHex(expected.body().toByteArray()))
        .isEqualTo(
            "221b12010122142208" + "0a01011201112804" + "2206" + "0a0202032801" + "28032801");
  }

  @Test
  void whatIsDecidedIsNoLongerPartOfTheTree() {
    version7()
        .replays(run(1, "a"), runDone(1, "a"))
        .requestEnds()
        .handler(
            it -> {
              Awaitable.Single done = it.run("a", "");
              var open = sleep(it);
              it.machine().takeOutput();
              var decided = new Combined(Rule.FIRST_COMPLETED, List.of(done, sleep(it)));
              it.machine().takeOutput();
              it.await(new Combined(Rule.ALL_COMPLETED, List.of(decided, open)));
            })
        .writes(suspension(orCancelled(future(ALL_COMPLETED).addWaitingCompletions(2))));
  }

  @Test
  void aNamedSignalIsALeaf() {
    version7()
        .requestEnds()
        .handler(it -> it.await(it.ask().signals().named("go")))
        .writes(suspension(orCancelled().addWaitingNamedSignals("go")));
  }

  @Test
  void whatIsAwaitedIsAnnouncedWheneverItChangesAndOnlyThen() {
    version7()
        .serverSays(sleepDone(1), Told.namedSignal("other", ""), sleepDone(2))
        .handler(
            it -> {
              Awaitable.Single one = sleep(it);
              Awaitable.Single two = sleep(it);
              it.machine().takeOutput();
              it.await(new Combined(Rule.ALL_COMPLETED, List.of(one, two)));
            })
        .writes(
            awaitingOn(
                orCancelled(
                    future(ALL_COMPLETED).addWaitingCompletions(1).addWaitingCompletions(2))),
            awaitingOn(orCancelled(future(ALL_COMPLETED).addWaitingCompletions(2))));
  }

  // ---- failures ----

  private static Story mismatching(int version) {
    return Story.with(MachineOptions.of(version).onMismatch(Behavior.PAUSE))
        .replays(input(""), run(1, "a"))
        .handler(Version7Test::sleep);
  }

  @Test
  void aMismatchPausesWhenItIsTold() {
    assertThat(mismatching(7).writesOnly(ErrorMessage.class).getBehavior())
        .isEqualTo(Behavior.PAUSE);
  }

  @Test
  void olderVersionsLeaveItToThePolicy() {
    assertThat(mismatching(6).writesOnly(ErrorMessage.class).getBehavior())
        .isEqualTo(Behavior.RETRY);
  }
}
