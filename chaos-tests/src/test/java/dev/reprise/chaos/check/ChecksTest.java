package dev.reprise.chaos.check;

import static dev.reprise.chaos.check.Tale.tale;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.History;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each check accepts what is right, and finds each thing that can be wrong. */
class ChecksTest {
  @Test
  void aCounterCountsEachAddOnce() {
    Tale right =
        tale()
            .done("add", "a", "1", 0, 1)
            .done("add", "a", "1", 2, 3)
            .unknown("add", "b", 2, 4)
            .done("add", "c", "3", 5, 6)
            .done("add", "a", "1", 7, 8)
            .done("read", "", "3", 9, 10);

    assertThat(CounterCheck.judge(right.acts()).findings()).isEmpty();
  }

  @Test
  void aCounterThatCountsTwiceLosesOrGoesBackIsFound() {
    found(tale().done("add", "a", "1", 0, 1).done("add", "a", "2", 2, 3), "two answers");
    found(tale().done("add", "a", "1", 0, 1).done("add", "b", "1", 0, 1), "one answer");
    found(tale().done("add", "a", "2", 0, 1).done("add", "b", "1", 2, 3), "backwards");
    found(tale().done("add", "a", "1", 0, 1).done("read", "", "0", 2, 3), "1 to 1 adds");
    found(tale().done("add", "a", "1", 0, 1).done("read", "", "2", 2, 3), "1 to 1 adds");
    found(tale().notDone("add", "a", 0, 1).done("read", "", "1", 2, 3), "0 to 0 adds");
    found(tale().done("read", "", "1", 0, 1).done("add", "a", "1", 2, 3), "backwards");
  }

  private static void found(Tale story, String what) {
    assertThat(CounterCheck.judge(story.acts()).findings())
        .as("%s", story.acts())
        .anySatisfy(it -> assertThat(it).contains(what));
  }

  @Test
  void aBankNeitherMakesNorLosesMoney() {
    Tale right = bank().done("balance", "a", "6", 20, 21).done("balance", "b", "14", 20, 21);
    Tale withUnknown =
        bank()
            .unknown("transfer", "t3,b,a,2", 8, 9)
            .done("balance", "a", "8", 20, 21)
            .done("balance", "b", "12", 20, 21);

    assertThat(BankCheck.judge(right.acts()).findings()).isEmpty();
    assertThat(BankCheck.judge(withUnknown.acts()).findings()).isEmpty();
  }

  @Test
  void aBankWhoseTransferWasLostHalvedOrDoubledIsFound() {
    assertThat(
            List.of(
                bank().done("balance", "a", "10", 20, 21).done("balance", "b", "10", 20, 21),
                bank().done("balance", "a", "6", 20, 21).done("balance", "b", "10", 20, 21),
                bank().done("balance", "a", "6", 20, 21).done("balance", "b", "18", 20, 21),
                bank().done("balance", "a", "2", 20, 21).done("balance", "b", "18", 20, 21),
                bank().done("transfer", "t1,a,b,4", "false", 20, 21)))
        .allSatisfy(it -> assertThat(BankCheck.judge(it.acts()).holds()).isFalse());
  }

  private static Tale bank() {
    return tale()
        .done("open", "a,10", "", 0, 1)
        .done("open", "b,10", "", 0, 1)
        .done("transfer", "t1,a,b,4", "true", 2, 3)
        .unknown("transfer", "t1,a,b,4", 2, 3)
        .done("transfer", "t2,b,a,99", "false", 4, 5);
  }

  @Test
  void whatIsSentArrivesOnce() {
    Tale right =
        tale()
            .done("send", "a", "", 0, 1)
            .unknown("send", "b", 0, 1)
            .unknown("send", "c", 0, 1)
            .notDone("send", "d", 0, 1)
            .done("send", "d", "", 2, 3)
            .done("received", "", "c,a,d", 9, 10);

    assertThat(OnceCheck.judge("sends", right.acts()).findings()).isEmpty();
  }

  @Test
  void whatArrivesTwiceOrNotAtAllOrFromNobodyIsFound() {
    assertThat(
            List.of(
                tale().done("send", "a", "", 0, 1).done("received", "", "", 9, 10),
                tale().done("send", "a", "", 0, 1).done("received", "", "a,a", 9, 10),
                tale().unknown("send", "a", 0, 1).done("received", "", "a,a", 9, 10),
                tale().notDone("send", "a", 0, 1).done("received", "", "a", 9, 10),
                tale().done("send", "a", "", 0, 1).done("received", "", "a,b", 9, 10),
                tale().done("send", "a", "", 0, 1)))
        .allSatisfy(it -> assertThat(OnceCheck.judge("sends", it.acts()).holds()).isFalse());
  }

  @Test
  void whatIsDecidedOnceIsSeenAsOneValue() {
    Tale right =
        tale()
            .done("peek", "", "", 0, 1)
            .done("decide", "x", "true", 2, 5)
            .done("decide", "y", "false", 2, 6)
            .done("peek", "", "", 3, 9)
            .done("peek", "", "x", 3, 4);
    Tale taken =
        tale()
            .done("decide", "x", "taken", 2, 5)
            .done("decide", "y", "taken", 4, 6)
            .done("peek", "", "y", 7, 8);

    assertThat(DecidedOnceCheck.judge("promises", right.acts(), false).findings()).isEmpty();
    assertThat(DecidedOnceCheck.judge("promises", taken.acts(), false).findings()).isEmpty();
  }

  @Test
  void whatIsDecidedTwiceOrForgottenOrMadeUpIsFound() {
    Tale decided = tale().done("decide", "x", "true", 0, 1);
    assertThat(
            List.of(
                tale().done("decide", "x", "true", 0, 1).done("decide", "y", "true", 0, 1),
                tale().done("decide", "x", "true", 0, 1).done("peek", "", "y", 2, 3),
                tale().done("decide", "x", "true", 0, 1).done("peek", "", "", 2, 3),
                tale().done("peek", "", "x", 0, 1).done("peek", "", "y", 0, 1),
                tale().notDone("decide", "x", 0, 1).done("peek", "", "x", 2, 3),
                decided.done("decide", "y", "taken", 2, 3).done("peek", "", "y", 4, 5),
                tale()
                    .done("decide", "x", "taken", 0, 1)
                    .done("decide", "y", "taken", 2, 3)
                    .done("peek", "", "y", 4, 5)))
        .allSatisfy(
            it ->
                assertThat(DecidedOnceCheck.judge("promises", it.acts(), false).holds())
                    .as("%s", it.acts())
                    .isFalse());
  }

  @Test
  void whatDidNotEndOrEndedAsAnotherIsFound() {
    Tale right = tale().done("begin", "a", "", 0, 1).done("end", "", "a", 2, 3);
    Tale stuck = tale().done("begin", "a", "", 0, 1).unknown("end", "", 2, 3);
    Tale other = tale().done("begin", "a", "", 0, 1).done("end", "", "b", 2, 3);

    assertThat(EndedCheck.judge("naps", right.acts()).holds()).isTrue();
    assertThat(EndedCheck.judge("naps", stuck.acts()).holds()).isFalse();
    assertThat(EndedCheck.judge("naps", other.acts()).holds()).isFalse();
  }

  @Test
  void aHistoryIsReadFromItsFileAsItWas(@TempDir Path directory) throws Exception {
    List<Act> acts = bank().notDone("send", "\"quoted\"\n", 1, 2).acts();
    Path file = directory.resolve("history.jsonl");
    try (History history = new History(file)) {
      acts.forEach(history::add);
      assertThat(history.acts()).isEqualTo(acts);
    }

    assertThat(History.read(file)).isEqualTo(acts);
  }
}
