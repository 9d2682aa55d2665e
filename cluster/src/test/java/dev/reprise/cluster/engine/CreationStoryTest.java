package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.TimerKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How invocations come to be. */
class CreationStoryTest extends StoryTest {
  private final Asked greet = Asked.plain("greet").request(1);

  @Test
  void aNewInvocationIsRunAtOnceWithItsInputAtHand() {
    partition.when(greet).answers("created").emits("start greet afresh");

    assertThat(partition.journalOf("greet")).isEqualTo(List.of("Input"));
  }

  @Test
  void theSameRequestGetsItsFirstAnswerAgainAndRunsNothingTwice() {
    partition.when(greet);

    partition.when(greet).answers("created").emitsNothing();
  }

  @Test
  void anotherRequestForTheSameIdJoinsTheOneThatIsThere() {
    partition.when(greet);

    partition.when(greet.request(2)).answers("open").emitsNothing();
  }

  @Test
  void aRequestForAnEndedInvocationGetsItsOutcome() {
    partition.when(greet.kept(Duration.ofDays(1), Duration.ZERO));
    partition.when(partition.says("greet", 1, Says.output("hello"), Says.end()));

    partition.when(greet).answers("ended hello same").emitsNothing();
    partition.when(greet.request(2)).answers("ended hello").emitsNothing();
  }

  @Test
  void twoRequestsForOneIdInOneEntryMakeOneInvocation() {
    partition
        .when(greet.invoke(), greet.request(2).invoke())
        .answers("created", "open")
        .emits("start greet afresh");
  }

  @Test
  void aScheduledInvocationStartsWhenItsTimeComesAndNotBefore() {
    TimerKey start = new TimerKey(1_000, greet.id(), TimerKey.START);
    partition.when(greet.startAt(1_000)).answers("created").emits("timer greet at 1000");

    partition.after(Duration.ofMillis(999)).when(new Command.FireTimers(List.of(start)));
    partition.emitsNothing();
    assertThat(partition.statusOf("greet")).isEqualTo("scheduled");

    partition.after(Duration.ofMillis(1)).when(new Command.FireTimers(List.of(start)));
    partition.emits("start greet");
    partition.when(new Command.FireTimers(List.of(start))).emitsNothing();
  }

  @Test
  void aStartTimeThatIsPastMeansNow() {
    partition.after(Duration.ofSeconds(5)).when(greet.startAt(5_000)).emits("start greet afresh");
  }

  @Test
  void aWorkflowRunsOncePerKeyAndTellsASecondCallerSo() {
    Asked run = Asked.workflow("ada").kept(Duration.ofDays(1), Duration.ZERO).request(1);
    partition.when(run).answers("created");
    partition.when(run.request(2)).answers("open").emitsNothing();
    partition.when(partition.says("ada", 1, Says.output("done"), Says.end()));

    partition.when(run.request(3)).answers("ended done");
    partition.when(run).answers("ended done same");
  }

  @Test
  void aMarkChangesNothing() {
    partition.when(new Command.Mark()).answers("done").emitsNothing();
  }
}
