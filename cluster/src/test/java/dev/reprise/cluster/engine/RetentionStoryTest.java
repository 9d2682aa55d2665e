package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.table.Layouts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long what ended is kept, and that what was purged is gone. */
class RetentionStoryTest extends StoryTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private final Asked greet = Asked.plain("greet");

  private void runs(Asked asked) {
    partition.when(asked);
    partition.when(partition.says(asked.name(), 1, Says.run(1), Says.ran(1, "x")));
    partition.when(partition.says(asked.name(), 1, Says.output("hello"), Says.end()));
  }

  private Command purge(Duration at, int what) {
    return new Command.PurgeExpired(List.of(new TimerKey(at.toMillis(), greet.id(), what)));
  }

  @Test
  void withoutRetentionNothingIsKept() {
    runs(greet);

    assertThat(partition.statusOf("greet")).isEqualTo("gone");
    assertThat(partition.journalOf("greet")).isEmpty();
  }

  @Test
  void outcomeAndJournalAreKeptForTheirTimeAndThenPurged() {
    runs(greet.kept(DAY, DAY));
    assertThat(partition.journalOf("greet")).containsExactly("Input", "Run", "Run*", "Output");

    partition.after(DAY.minusMillis(1)).when(purge(DAY, Layouts.OUTCOME));
    assertThat(partition.statusOf("greet")).isEqualTo("ended");
    partition.after(Duration.ofMillis(1)).when(purge(DAY, Layouts.OUTCOME));

    assertThat(partition.statusOf("greet")).isEqualTo("gone");
    assertThat(partition.journalOf("greet")).isEmpty();
    assertThat(dev.reprise.storage.kv.Contents.of(partition.store()).rows()).isEqualTo(1);
  }

  @Test
  void aJournalMayBeForgottenBeforeItsOutcome() {
    runs(greet.kept(DAY, HOUR));
    partition.after(HOUR).when(purge(HOUR, Layouts.JOURNAL_ONLY));

    assertThat(partition.journalOf("greet")).isEmpty();
    partition.when(greet.request(2)).answers("ended hello");
    partition.after(DAY).when(purge(DAY, Layouts.OUTCOME));
    assertThat(partition.statusOf("greet")).isEqualTo("gone");
  }

  @Test
  void aJournalThatIsNotKeptGoesAtTheEnd() {
    runs(greet.kept(DAY, Duration.ZERO));

    assertThat(partition.statusOf("greet")).isEqualTo("ended");
    assertThat(partition.journalOf("greet")).isEmpty();
  }

  @Test
  void aPurgeOfAFormerLifeMeetsNothing() {
    runs(greet.kept(DAY, DAY));
    partition.after(DAY).when(purge(DAY, Layouts.OUTCOME));
    runs(greet.kept(DAY, DAY));

    partition.when(purge(DAY, Layouts.OUTCOME)).answers("done");
    assertThat(partition.statusOf("greet")).isEqualTo("ended");
    assertThat(partition.journalOf("greet")).hasSize(4);
  }

  @Test
  void aTimerOfAFormerLifeMeetsNothing() {
    TimerKey alarm = new TimerKey(DAY.toMillis(), greet.id(), 1);
    partition.when(greet);
    partition.when(partition.says("greet", 1, Says.sleep(1, DAY.toMillis())));
    partition.when(partition.says("greet", 1, Says.output("early"), Says.end()));
    partition.when(greet);
    partition.when(partition.says("greet", 1, Says.run(1)));

    partition.after(DAY).when(new Command.FireTimers(List.of(alarm))).emitsNothing();
    assertThat(partition.journalOf("greet")).containsExactly("Input", "Run");
  }

  @Test
  void aRetentionBeyondAllTimeNeverEnds() {
    runs(greet.kept(Duration.ofMillis(Long.MAX_VALUE), Duration.ofMillis(Long.MAX_VALUE - 1)));

    partition.after(DAY).when(new Command.Mark());
    try (var scan = partition.view().expiriesBefore(null, partition.nowMillis())) {
      assertThat(scan.next()).isFalse();
    }
  }
}
