package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.TimerKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sleeps, timers and suspensions. */
class SleepStoryTest extends StoryTest {
  private final Asked greet = Asked.plain("greet");
  private final TimerKey alarm = new TimerKey(10_000, greet.id(), 1);
  private final Command fire = new Command.FireTimers(List.of(alarm));

  @BeforeEach
  void greetSleeps() {
    partition.when(greet);
    partition.when(partition.says("greet", 1, Says.sleep(1, 10_000)));
  }

  @Test
  void aSleepIsATimer() {
    partition.answers("done").emits("timer greet at 10000");
  }

  @Test
  void aSleepingInvocationLeavesTheEndpointAndIsWokenByItsTimer() {
    partition.when(partition.says("greet", 1, Says.suspended(1))).answers("done").emitsNothing();
    assertThat(partition.statusOf("greet")).isEqualTo("suspended");

    partition.after(Duration.ofSeconds(10)).when(fire).emits("start greet");
    assertThat(partition.journalOf("greet")).containsExactly("Input", "Sleep", "Sleep*");
  }

  @Test
  void aTimerFiresOnce() {
    partition.after(Duration.ofSeconds(10)).when(fire).emits("tell greet 2 Sleep");

    partition.when(fire).emitsNothing();
    partition.when(new Command.FireTimers(List.of(alarm, alarm))).emitsNothing();
  }

  @Test
  void aTimerNeverFiresEarlyWhateverTheLeaderSays() {
    partition.after(Duration.ofMillis(9_999)).when(fire).emitsNothing();

    assertThat(partition.journalOf("greet")).containsExactly("Input", "Sleep");
    partition.after(Duration.ofMillis(1)).when(fire).emits("tell greet 2 Sleep");
  }

  @Test
  void aTimerThatFiresWhileTheInvocationSuspendsIsNotLost() {
    partition.after(Duration.ofSeconds(10)).when(fire).emits("tell greet 2 Sleep");

    partition.when(partition.says("greet", 1, Says.suspended(1))).emits("start greet");
    assertThat(partition.statusOf("greet")).isEqualTo("invoked");
  }

  @Test
  void aTimerThatFiresInTheEntryOfTheSuspensionIsNotLost() {
    partition
        .after(Duration.ofSeconds(10))
        .when(fire, partition.says("greet", 1, Says.suspended(1)))
        .emits("tell greet 2 Sleep", "start greet");
    partition
        .when(partition.says("greet", 2, Says.sleep(2, 11_000)))
        .after(Duration.ofSeconds(1))
        .when(
            partition.says("greet", 2, Says.suspended(2)),
            new Command.FireTimers(List.of(new TimerKey(11_000, greet.id(), 2))))
        .emits("start greet");
  }

  @Test
  void anyOneOfWhatIsAwaitedWakes() {
    partition.when(partition.says("greet", 1, Says.sleep(2, 20_000), Says.suspended(2, 1)));

    partition.after(Duration.ofSeconds(10)).when(fire).emits("start greet");
  }

  @Test
  void whatIsNotAwaitedIsKeptAndWakesNobody() {
    partition.when(partition.says("greet", 1, Says.sleep(2, 20_000), Says.suspended(2)));

    partition.after(Duration.ofSeconds(10)).when(fire).emitsNothing();
    assertThat(partition.statusOf("greet")).isEqualTo("suspended");
    assertThat(partition.journalOf("greet")).containsExactly("Input", "Sleep", "Sleep", "Sleep*");
  }

  @Test
  void anEndedInvocationTakesItsTimersWithIt() {
    partition.when(partition.says("greet", 1, Says.output("early"), Says.end()));

    partition.after(Duration.ofSeconds(10)).when(fire).emitsNothing();
    assertThat(OpenWork.of(partition.store()).timers()).isEmpty();
  }

  @Test
  void logTimeNeverRunsBackwards() {
    partition.after(Duration.ofSeconds(10)).when(new Command.Mark());

    partition.after(Duration.ofSeconds(-10)).anotherLeads().when(fire);
    partition.emits("tell greet 2 Sleep");
  }

  @Test
  void aSuspensionOnAStepWhoseResultNeverCameRunsAgainAtOnce() {
    partition.when(partition.says("greet", 1, Says.run(2), Says.suspended(2)));

    partition.emits("start greet");
  }

  @Test
  void completionIdZeroIsNobodys() {
    partition.when(partition.says("greet", 1, Says.sleep(0, 20_000))).answers("faulted");
  }
}
