package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Awaiting.Combinator;
import dev.reprise.storage.model.TimerKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Suspended on more than one thing. */
class TreeStoryTest extends StoryTest {
  @BeforeEach
  void greetSleepsTwice() {
    partition.when(Asked.plain("greet"));
    partition.when(partition.says("greet", 1, Says.sleep(1, 10), Says.sleep(2, 20)));
  }

  private static Statement suspended(Combinator combinator, Integer... completions) {
    return new Statement.Suspended(
        new Awaiting(combinator, Arrays.asList(completions), List.of(), List.of(), List.of()));
  }

  private static Command fire(int completion) {
    return new Command.FireTimers(
        List.of(new TimerKey(completion * 10L, Asked.id("greet"), completion)));
  }

  @Test
  void allOfTwoTimersWakesOnceAfterTheSecond() {
    partition.when(partition.says("greet", 1, suspended(Combinator.ALL_COMPLETED, 1, 2)));
    partition.after(Duration.ofMillis(20));

    partition.when(fire(1)).emitsNothing();
    partition.when(fire(2)).emits("start greet");
  }

  @Test
  void whatArrivedBeforeIsNotAwaited() {
    partition.after(Duration.ofMillis(20));
    partition.when(fire(1));

    partition.when(partition.says("greet", 1, suspended(Combinator.ALL_COMPLETED, 1, 2)));
    partition.emitsNothing();
    partition.when(fire(2)).emits("start greet");
  }

  @Test
  void howWhatArrivedBeforeEndedIsReadFromTheJournal() {
    partition.when(partition.says("greet", 1, Says.run(3), Says.run(4)));
    partition.when(partition.says("greet", 1, Says.ran(3, "fine"), Says.ranInVain(4, "no")));

    partition.when(
        partition.says("greet", 1, suspended(Combinator.ALL_SUCCEEDED_OR_FIRST_FAILED, 3, 1)));
    assertThat(partition.statusOf("greet")).isEqualTo("suspended");
    partition.after(Duration.ofMillis(20)).when(fire(1)).emits("start greet");
    partition.when(
        partition.says("greet", 2, suspended(Combinator.ALL_SUCCEEDED_OR_FIRST_FAILED, 4, 2)));
    partition.emits("start greet");
  }

  @Test
  void anotherLeaderKnowsWhatIsLeftToWaitFor() {
    partition.when(partition.says("greet", 1, suspended(Combinator.ALL_COMPLETED, 1, 2)));
    partition.after(Duration.ofMillis(20)).when(fire(1));

    partition.anotherLeads().when(fire(2)).emits("start greet");
  }

  @Test
  void aTreeThatWaitsForAStepIsRunAgain() {
    partition.when(partition.says("greet", 1, Says.run(3)));

    partition.when(partition.says("greet", 1, suspended(Combinator.ALL_COMPLETED, 1, 3)));
    partition.emits("start greet");
  }
}
