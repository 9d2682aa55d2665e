package dev.reprise.chaos.check;

import static dev.reprise.chaos.check.Tale.tale;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.chaos.check.Linearizability.Answer;
import dev.reprise.chaos.check.Verdict.Judgement;
import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.Fate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The judge is judged: by histories known to be right or wrong, and by trying all orders. */
@Timeout(60)
class LinearizabilityTest {
  private static final int STEPS = 100_000;
  private static final int HISTORIES = 20_000;

  private final Linearizability<String> register =
      new Linearizability<>("register", new RegisterModel(), STEPS);
  private final Linearizability<BitSet> set = new Linearizability<>("set", new SetModel(), STEPS);

  @Test
  void aReadSeesTheLastWriteBeforeItOrOneThatIsUnderWay() {
    Tale story =
        tale()
            .done("write", "1", "", 0, 1)
            .done("write", "2", "", 2, 9)
            .done("read", "", "1", 3, 4)
            .done("read", "", "2", 5, 6)
            .done("read", "", "2", 10, 11);

    assertThat(register.judge(story.acts()).holds()).isTrue();
  }

  @Test
  void aStaleReadIsFoundAndShown() {
    Tale story =
        tale()
            .done("write", "1", "", 0, 1)
            .done("write", "2", "", 2, 3)
            .done("read", "", "1", 4, 5)
            .done("read", "", "2", 6, 7);

    Verdict verdict = register.judge(story.acts());

    assertThat(verdict.judgement()).isEqualTo(Judgement.VIOLATED);
    assertThat(verdict.findings()).singleElement().asString().contains("read() = 1");
    assertThat(verdict.findings().getFirst()).doesNotContain("read() = 2");
  }

  @Test
  void aReadThatGoesBackWhileAWriteIsUnderWayIsFound() {
    Tale story =
        tale().done("write", "1", "", 0, 20).done("read", "", "1", 3, 4).done("read", "", "", 5, 6);

    assertThat(register.judge(story.acts()).judgement()).isEqualTo(Judgement.VIOLATED);
  }

  @Test
  void aLostWriteIsFound() {
    Tale story = tale().done("write", "1", "", 0, 1).done("read", "", "", 2, 3);

    assertThat(register.judge(story.acts()).judgement()).isEqualTo(Judgement.VIOLATED);
  }

  @Test
  void aWriteOfUnknownFateMayTakeEffectLateOrNever() {
    Tale late =
        tale().unknown("write", "1", 0, 1).done("read", "", "", 2, 3).done("read", "", "1", 4, 5);
    Tale never = tale().unknown("write", "1", 0, 1).done("read", "", "", 2, 3);
    Tale backAndForth =
        tale()
            .unknown("write", "1", 0, 1)
            .done("read", "", "1", 2, 3)
            .done("write", "2", "", 4, 5)
            .done("read", "", "1", 6, 7);

    assertThat(register.judge(late.acts()).holds()).isTrue();
    assertThat(register.judge(never.acts()).holds()).isTrue();
    assertThat(register.judge(backAndForth.acts()).holds()).isFalse();
  }

  @Test
  void whatWasNotDoneIsNotSeen() {
    Tale story = tale().notDone("write", "1", 0, 1).done("read", "", "1", 2, 3);

    assertThat(register.judge(story.acts()).holds()).isFalse();
  }

  @Test
  void onlyOneOfTwoSwapsOfOneValueSucceeds() {
    Tale one =
        tale()
            .done("cas", ",1", "true", 0, 5)
            .done("cas", ",2", "false", 0, 5)
            .done("read", "", "1", 6, 7);
    Tale both = tale().done("cas", ",1", "true", 0, 5).done("cas", ",2", "true", 0, 5);

    assertThat(register.judge(one.acts()).holds()).isTrue();
    assertThat(register.judge(both.acts()).holds()).isFalse();
  }

  @Test
  void keysDoNotTouchEachOther() {
    Tale story = tale().of("a").done("write", "1", "", 0, 1).of("b").done("read", "", "", 2, 3);

    assertThat(register.judge(story.acts()).holds()).isTrue();
  }

  @Test
  void anElementThatIsSeenAndThenNotIsFound() {
    Tale lost =
        tale()
            .done("add", "1", "", 0, 1)
            .unknown("add", "2", 0, 1)
            .done("read", "", "1,2", 2, 3)
            .done("read", "", "1", 4, 5);
    Tale right =
        tale()
            .done("add", "1", "", 0, 1)
            .unknown("add", "2", 0, 1)
            .done("read", "", "1", 2, 3)
            .done("read", "", "1,2", 4, 5);

    assertThat(set.judge(lost.acts()).holds()).isFalse();
    assertThat(set.judge(right.acts()).holds()).isTrue();
  }

  @Test
  void whoGivesUpSaysSo() {
    Tale story = tale();
    for (int i = 0; i < 20; i++) {
      story.done("write", Integer.toString(i), "", 0, 100);
    }
    story.done("read", "", "nothing", 101, 102);
    Linearizability<String> impatient = new Linearizability<>("r", new RegisterModel(), 1_000);

    assertThat(impatient.judge(story.acts()).judgement()).isEqualTo(Judgement.UNDECIDED);
  }

  @Test
  void smallHistoriesAreJudgedAsByTryingAllOrders() {
    long seed = Long.getLong("storm.seed", System.nanoTime());
    System.out.println("[storm] LinearizabilityTest: repeat with -Dstorm.seed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    Map<Answer, Integer> seen = new EnumMap<>(Answer.class);
    for (int i = 0; i < HISTORIES; i++) {
      List<Act> acts = small(random);
      Answer answer = register.answer(acts);
      boolean possible = anyOrder(new RegisterModel(), acts, "");
      assertThat(answer).as("history %d: %s", i, acts).isEqualTo(possible ? Answer.YES : Answer.NO);
      seen.merge(answer, 1, Integer::sum);
    }
    assertThat(seen.get(Answer.YES)).isGreaterThan(HISTORIES / 20);
    assertThat(seen.get(Answer.NO)).isGreaterThan(HISTORIES / 20);
  }

  private static List<Act> small(SplittableRandom random) {
    Tale story = tale();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      long begin = random.nextInt(12);
      long end = begin + 1 + random.nextInt(5);
      String value = Integer.toString(random.nextInt(3));
      String other = Integer.toString(random.nextInt(3));
      boolean answered = random.nextInt(4) > 0;
      switch (random.nextInt(3)) {
        case 0 -> story.done("read", "", random.nextInt(4) == 0 ? "" : value, begin, end);
        case 1 -> story(story, answered, "write", value, "", begin, end);
        default ->
            story(
                story,
                answered,
                "cas",
                (random.nextBoolean() ? "" : value) + "," + other,
                Boolean.toString(random.nextBoolean()),
                begin,
                end);
      }
    }
    return story.acts();
  }

  private static void story(
      Tale story,
      boolean answered,
      String verb,
      String input,
      String output,
      long begin,
      long end) {
    if (answered) {
      story.done(verb, input, output, begin, end);
    } else {
      story.unknown(verb, input, begin, end);
    }
  }

  /** Tries each order of what is left, one after the other. */
  private static boolean anyOrder(RegisterModel model, List<Act> left, String state) {
    if (left.stream().noneMatch(Act::done)) {
      return true;
    }
    for (Act next : List.copyOf(left)) {
      if (left.stream().anyMatch(it -> it.fate() == Fate.DONE && it.before(next))) {
        continue;
      }
      String after = model.after(state, next);
      if (after != null) {
        List<Act> rest = new ArrayList<>(left);
        rest.remove(next);
        if (anyOrder(model, rest, after)) {
          return true;
        }
      }
    }
    return false;
  }
}
