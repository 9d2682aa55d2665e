package dev.reprise.sdk.core;

import static dev.reprise.sdk.core.Awaitable.Rule.ALL_SUCCEEDED_OR_FIRST_FAILED;
import static dev.reprise.sdk.core.Awaitable.Rule.FIRST_COMPLETED;
import static dev.reprise.sdk.core.Awaitable.Rule.FIRST_SUCCEEDED_OR_ALL_FAILED;
import static dev.reprise.sdk.core.Story.withInput;
import static dev.reprise.sdk.core.Told.runDone;
import static dev.reprise.sdk.core.Told.runFailed;
import static dev.reprise.sdk.core.Wire.run;
import static dev.reprise.sdk.core.Wire.suspension;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.sdk.core.Awaitable.Combined;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Combinations: nothing is journaled, the order of the journal decides. */
class AwaitTest {
  /** Three runs whose results the journal holds in the order b, c, a. */
  private static Story runsEndedAs(ProtocolMessage... notifications) {
    return withInput("").replays(run(1, "a"), run(2, "b"), run(3, "c")).replays(notifications);
  }

  private static Awaitable.Single completion(Story it, String name) {
    return it.ask().run(name).result();
  }

  @Test
  void aRaceIsWonByTheFirstNotificationOfTheJournal() {
    runsEndedAs(runDone(2, "b"), runDone(3, "c"), runDone(1, "a"))
        .checks(
            it -> {
              var race =
                  new Combined(
                      FIRST_COMPLETED,
                      List.of(completion(it, "a"), completion(it, "b"), completion(it, "c")));
              it.await(race);
              assertThat(race.decidedBy()).isEqualTo(1);
            });
  }

  @Test
  void aFailureWinsARaceButNotAny() {
    runsEndedAs(runFailed(2, 500, "b"), runDone(3, "c"), runDone(1, "a"))
        .checks(
            it -> {
              var all =
                  List.<Awaitable>of(completion(it, "a"), completion(it, "b"), completion(it, "c"));
              var race = new Combined(FIRST_COMPLETED, all);
              var any = new Combined(FIRST_SUCCEEDED_OR_ALL_FAILED, all);
              it.await(race);
              it.await(any);
              assertThat(race.decidedBy()).isEqualTo(1);
              assertThat(any.decidedBy()).isEqualTo(2);
            });
  }

  @Test
  void anyFailsWhenAllHaveFailed() {
    runsEndedAs(runFailed(1, 500, ""), runFailed(2, 500, ""), runFailed(3, 500, ""))
        .checks(
            it -> {
              var any =
                  new Combined(
                      FIRST_SUCCEEDED_OR_ALL_FAILED,
                      List.of(completion(it, "a"), completion(it, "b"), completion(it, "c")));
              it.await(any);
              assertThat(any.decidedBy()).isEqualTo(Combined.ALL);
              assertThat(any.failed()).isTrue();
            });
  }

  @Test
  void allEndsWithTheFirstFailureWithoutReadingFurther() {
    runsEndedAs(runDone(1, "a"), runFailed(3, 500, "c"), runDone(2, "b"))
        .checks(
            it -> {
              Awaitable.Single b = completionOfB(it);
              assertThat(it.machine().notifications().take(new NotificationId.Completion(2)))
                  .as("b is not visible yet")
                  .isNull();
              assertThat(it.value(b)).isEqualTo("b");
            });
  }

  private static Awaitable.Single completionOfB(Story it) {
    Awaitable.Single a = completion(it, "a");
    Awaitable.Single b = completion(it, "b");
    var all = new Combined(ALL_SUCCEEDED_OR_FIRST_FAILED, List.of(a, b, completion(it, "c")));
    it.await(all);
    assertThat(all.decidedBy()).isEqualTo(2);
    return b;
  }

  /** Section 9.3: what arrives later must not change who won, though it is listed first. */
  @Test
  void aRaceInsideOfAllIsWonByTheOrderOfTheJournalNotOfTheList() {
    runsEndedAs(runDone(2, "b"), runDone(1, "a"), runDone(3, "c"))
        .checks(
            it -> {
              Awaitable.Single a = completion(it, "a");
              Awaitable.Single b = completion(it, "b");
              var race = new Combined(FIRST_COMPLETED, List.of(a, b));
              it.await(
                  new Combined(ALL_SUCCEEDED_OR_FIRST_FAILED, List.of(race, completion(it, "c"))));
              assertThat(race.decidedBy()).isEqualTo(1);
            });
  }

  @Test
  void ofSeveralThatAreKnownTheFirstOfTheListWins() {
    runsEndedAs(runDone(3, "c"), runDone(2, "b"), runDone(1, "a"))
        .checks(
            it -> {
              Awaitable.Single a = completion(it, "a");
              Awaitable.Single b = completion(it, "b");
              Awaitable.Single c = completion(it, "c");
              it.await(a); // makes all three visible
              var race = new Combined(FIRST_COMPLETED, List.of(b, c));
              it.await(race);
              assertThat(race.decidedBy()).isEqualTo(0);
            });
  }

  @Test
  void aSuspensionNamesOnlyWhatIsStillOpenAndCanChangeSomething() {
    withInput("")
        .replays(run(1, "a"), runDone(1, "a"), run(2, "b"), run(3, "c"), runFailed(3, 500, ""))
        .requestEnds()
        .handler(
            it -> {
              Awaitable.Single a = completion(it, "a");
              Awaitable.Single b = completion(it, "b");
              Awaitable.Single c = completion(it, "c");
              it.machine().startRuns();
              it.ask().proposeRunSuccess(2, com.google.protobuf.ByteString.EMPTY);
              Awaitable.Single awakeable = it.ask().signals().awakeable().result();
              var decided = new Combined(FIRST_COMPLETED, List.of(a, awakeable));
              var open = new Combined(FIRST_SUCCEEDED_OR_ALL_FAILED, List.of(c, b));
              it.await(new Combined(ALL_SUCCEEDED_OR_FIRST_FAILED, List.of(decided, open)));
            })
        .writes(Wire.propose(2, ""), suspension(List.of(2), List.of(1)));
  }

  @Test
  void aSuspensionFlattensTheWholeTree() {
    withInput("")
        .requestEnds()
        .handler(
            it -> {
              Awaitable.Single one = it.ask().sleep("", java.time.Duration.ZERO);
              Awaitable.Single two = it.ask().sleep("", java.time.Duration.ZERO);
              Awaitable.Single signal = it.ask().signals().awakeable().result();
              it.machine().takeOutput();
              it.await(
                  new Combined(
                      FIRST_COMPLETED,
                      List.of(
                          new Combined(ALL_SUCCEEDED_OR_FIRST_FAILED, List.of(signal, two)), one)));
            })
        .writes(suspension(List.of(1, 2), List.of(1, 17)));
  }
}
