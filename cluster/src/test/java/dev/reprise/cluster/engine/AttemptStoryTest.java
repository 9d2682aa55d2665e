package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageType;
import dev.reprise.storage.kv.Contents;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is listened to, and how an attempt leaves. */
class AttemptStoryTest extends StoryTest {
  private final Asked greet = Asked.plain("greet");

  @BeforeEach
  void greetRuns() {
    partition.when(greet);
  }

  @Test
  void aStepIsStoredOnceAndASecondResultIsIgnored() {
    partition.when(partition.says("greet", 1, Says.run(1), Says.ran(1, "first")));
    partition.answers("done").emits("tell greet 2 Run");

    partition.when(partition.says("greet", 1, Says.ran(1, "second"))).answers("done");
    partition.emitsNothing();
    assertThat(partition.journalOf("greet")).containsExactly("Input", "Run", "Run*");
  }

  @Test
  void aStepsResultAnswersNothingElse() {
    partition.when(partition.says("greet", 1, Says.sleep(1, 99), Says.ran(1, "no")));

    assertThat(partition.journalOf("greet")).containsExactly("Input", "Sleep");
    assertThat(OpenWork.of(partition.store()).timers()).hasSize(1);
  }

  @Test
  void anAttemptThatRepeatsItsSuspensionSendsNobodyToSleepAgain() {
    var go = new dev.reprise.storage.model.SignalId.Name("go");
    var request = new dev.reprise.storage.model.RequestId(0, 1);
    Command suspends = partition.says("greet", 1, Says.suspendedOn(go));
    partition.when(suspends);
    partition.when(new Command.SendSignal(greet.id(), Says.of(go, "x"), request));
    partition.emits("start greet");

    partition.when(suspends).answers("stale").emitsNothing();
  }

  @Test
  void theLastOutputIsTheOutcome() {
    partition.when(partition.says("greet", 1, Says.output("first")));

    partition.when(partition.says("greet", 1, Says.output("last"), Says.end()));
    partition.emits("ended greet last");
  }

  @Test
  void anEndWithoutAnOutputIsRejectedAndChangesNothing() {
    Contents before = rows();

    partition.when(partition.says("greet", 1, Says.run(1), Says.end()));

    partition.answers("rejected NO_OUTPUT").emitsNothing();
    assertThat(partition.journalOf("greet")).containsExactly("Input");
    assertThat(before).isNotNull();
  }

  private Contents rows() {
    return Contents.of(partition.store());
  }

  @Test
  void aFailureIsAnOutcome() {
    partition.when(partition.says("greet", 1, Says.failed(500, "gave up")));

    partition.emits("ended greet 500 gave up");
  }

  @Test
  void whatAnOlderAttemptSaysIsStaleOnceTheNewerOneHasSpoken() {
    partition.when(partition.says("greet", 2, Says.run(1)));

    partition.when(partition.says("greet", 1, Says.ran(1, "late"))).answers("stale");
    partition.emitsNothing();
  }

  @Test
  void whatAnAttemptOfAnOldEpochSaysIsStale() {
    Command late = partition.says("greet", 1, Says.run(1));
    long old = partition.epoch();
    partition.anotherLeads();

    partition.whenInEpoch(old, 2, late).answers("stale").emitsNothing();
    partition.when(late).answers("stale").emitsNothing();
  }

  @Test
  void anEntryOfAnOldEpochDoesNotEvenMoveTheClock() {
    long old = partition.epoch();
    partition.anotherLeads();
    long before = clock();

    partition.after(java.time.Duration.ofHours(1)).whenInEpoch(old, 2, new Command.Mark());

    assertThat(clock()).isEqualTo(before);
  }

  private long clock() {
    return dev.reprise.storage.table.TablesView.applied(partition.store()).clockMillis();
  }

  @Test
  void anythingBehindALostEntryIsStaleUntilAnotherEpochBegins() {
    partition.when(partition.says("greet", 1, Says.run(1)));
    partition.whenAnEntryIsLost();

    partition.when(partition.says("greet", 1, Says.suspended(1))).answers("stale");
    partition.when(new Command.Mark()).answers("stale");

    partition.anotherLeads().when(new Command.Mark()).answers("done");
  }

  @Test
  void anEntryThatTheLogTellsTwiceCountsOnce() {
    partition.when(Asked.plain("other")).answers("created");

    partition.whenTheLastEntryIsRepeated().answers("stale").emitsNothing();
    partition.when(new Command.Mark()).answers("done");
  }

  @Test
  void aGapChangesNothingAndIsReported() {
    long life = partition.incarnationOf("greet");

    partition.when(partition.said("greet", life, 1, 3, Says.run(1))).answers("gap at 1");
    assertThat(partition.journalOf("greet")).containsExactly("Input");
  }

  @Test
  void whatWasSaidBeforeIsStale() {
    long life = partition.incarnationOf("greet");
    partition.when(partition.said("greet", life, 1, 1, Says.run(1)));

    partition.when(partition.said("greet", life, 1, 1, Says.run(1))).answers("stale");
    assertThat(partition.journalOf("greet")).containsExactly("Input", "Run");
  }

  @Test
  void anAttemptOfAFormerLifeIsStale() {
    long formerLife = partition.incarnationOf("greet");
    partition.when(partition.says("greet", 1, Says.output("x"), Says.end()));
    partition.when(greet);

    partition.when(partition.said("greet", formerLife, 1, 1, Says.run(1))).answers("stale");
    assertThat(partition.journalOf("greet")).containsExactly("Input");
  }

  @Test
  void afterTheEndNothingIsHeard() {
    Command late = partition.says("greet", 1, Says.run(9));
    partition.when(partition.says("greet", 1, Says.output("x"), Says.end()));

    partition.when(late).answers("stale").emitsNothing();
    assertThat(partition.statusOf("greet")).isEqualTo("gone");
  }

  @Test
  void aSuspendedInvocationHearsNoAttempt() {
    partition.when(partition.says("greet", 1, Says.sleep(1, 9), Says.suspended(1)));

    partition.when(partition.says("greet", 1, Says.output("x"), Says.end())).answers("stale");
  }

  @Test
  void theFirstToSpeakDecidesWhatTheInvocationRunsOn() {
    partition.when(partition.says("greet", 1, Says.run(1)));

    assertThat(partition.view().invocation(greet.id()))
        .satisfies(it -> assertThat(it.progress().pin()).isEqualTo(PartitionStory.PIN));
  }

  @Test
  void aPausedInvocationStandsStillUntilItIsResumed() {
    partition.when(partition.says("greet", 1, Says.paused("too many failures"))).emitsNothing();
    assertThat(partition.statusOf("greet")).isEqualTo("paused");

    partition.when(new Command.Resume(greet.id(), null)).answers("done").emits("start greet");
    partition.when(new Command.Resume(greet.id(), null)).answers("done").emits("hurry greet");
    partition.when(new Command.Resume(Asked.id("nobody"), null)).answers("rejected NOT_FOUND");
  }

  @Test
  void whatArrivesWhilePausedIsFoundAfterResuming() {
    partition.when(partition.says("greet", 1, Says.sleep(1, 9), Says.paused("look at this")));
    partition.after(java.time.Duration.ofMillis(9));
    var alarm = new dev.reprise.storage.model.TimerKey(9, greet.id(), 1);
    partition.when(new Command.FireTimers(List.of(alarm))).emitsNothing();

    partition.when(new Command.Resume(greet.id(), null)).emits("start greet");
    assertThat(partition.journalOf("greet")).containsExactly("Input", "Sleep", "Sleep*");
  }

  @Test
  void aBrokenInvariantParksTheInvocationAndThePartitionGoesOn() {
    partition
        .when(partition.says("greet", 1, Says.run(1), Says.run(1)), Asked.plain("other").invoke())
        .answers("faulted", "created")
        .emits("start other afresh");

    assertThat(partition.statusOf("greet")).isEqualTo("paused");
    assertThat(partition.journalOf("greet")).containsExactly("Input");
    partition.when(new Command.Resume(greet.id(), null)).emits("start greet");
  }

  @Test
  void aFrameThatDoesNotParseParksTheInvocation() {
    partition.when(partition.says("greet", 1, Says.garbage(MessageType.SLEEP))).answers("faulted");

    assertThat(partition.statusOf("greet")).isEqualTo("paused");
  }

  @Test
  void nothingMayFollowAnEnd() {
    partition
        .when(partition.says("greet", 1, Says.output("x"), Says.end(), Says.run(1)))
        .answers("faulted")
        .emitsNothing();

    assertThat(partition.statusOf("greet")).isEqualTo("paused");
  }
}
