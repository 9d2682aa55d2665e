package dev.reprise.cluster.engine;

import static dev.reprise.cluster.engine.PartitionStory.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person may do to an invocation: cancel, pause, resume, purge. */
class OperationStoryTest extends StoryTest {
  private static Command cancel(String name) {
    return cancel(name, 1);
  }

  private static Command cancel(String name, long request) {
    return new Command.Cancel(Asked.id(name), new RequestId(0, request));
  }

  private static Command pause(String name) {
    return new Command.Pause(Asked.id(name));
  }

  private static Command resume(String name) {
    return new Command.Resume(Asked.id(name), null);
  }

  // ---- cancel ----

  @Test
  void whatHasNotStartedEndsWhenItIsCancelled() {
    partition.when(Asked.plain("later").startAt(500));

    partition.when(cancel("later")).answers("done").emits("ended later 409 canceled");
    assertThat(OpenWork.of(partition.store()).timers()).isEmpty();
    partition.when(cancel("later")).answers("rejected NOT_FOUND");
  }

  @Test
  void whoWaitsForAKeyLeavesTheQueueWhenItIsCancelled() {
    partition.when(Asked.exclusive("first", "k")).when(Asked.exclusive("second", "k"));
    partition.when(Asked.exclusive("third", "k"));

    partition.when(cancel("second")).emits("ended second 409 canceled");
    partition.when(partition.says("first", 1, Says.output("x"), Says.end()));
    partition.emits("ended first x", "start third");
    partition.when(partition.says("third", 1, Says.output("x"), Says.end()));
    partition.emits("ended third x");
  }

  @Test
  void codeThatRunsIsAskedToCancel() {
    partition.when(Asked.plain("greet"));

    partition.when(cancel("greet")).answers("requested").emits("tell greet 1 Signal");
    partition.when(cancel("greet")).answers("requested").emitsNothing();
    assertThat(partition.lastToldTo("greet")).isEqualTo("void");
  }

  @Test
  void aCancelWakesWhoCanBeCancelledAndNobodyElse() {
    partition.when(Asked.plain("implicit")).when(Asked.plain("explicit"));
    partition.when(
        partition.says("implicit", 1, Says.sleep(1, 999), Says.suspendedOn(SignalId.CANCEL, 1)));
    partition.when(partition.says("explicit", 1, Says.sleep(1, 999), Says.suspended(1)));

    partition.when(cancel("implicit")).answers("requested").emits("start implicit");
    partition.when(cancel("explicit")).answers("requested").emitsNothing();
  }

  @Test
  void whatWasCancelledMayWaitWhileItCleansUpAndBeCancelledAgain() {
    partition.when(Asked.plain("greet"));
    partition.when(
        partition.says("greet", 1, Says.sleep(1, 999), Says.suspendedOn(SignalId.CANCEL, 1)));
    partition.when(cancel("greet", 1)).emits("start greet");

    partition.when(partition.says("greet", 2, Says.suspendedOn(SignalId.CANCEL, 1)));
    partition.emitsNothing();
    partition.when(cancel("greet", 2)).answers("requested").emits("start greet");
  }

  @Test
  void aCancelResumesWhoIsPaused() {
    partition.when(Asked.plain("greet"));
    partition.when(partition.says("greet", 1, Says.paused("enough")));

    partition.when(cancel("greet")).answers("requested").emits("start greet");
  }

  @Test
  void aHandlerCancelsWhatHasNotStarted() {
    partition.when(Asked.plain("parent")).when(Asked.plain("later").startAt(500));

    partition
        .when(partition.says("parent", 1, Says.signal(SELF, "later", SignalId.CANCEL, null)))
        .emits("ended later 409 canceled");
  }

  @Test
  void whatHasEndedIsNotCancelled() {
    partition.when(Asked.plain("greet").kept(Duration.ofDays(1), Duration.ZERO));
    partition.when(partition.says("greet", 1, Says.output("x"), Says.end()));

    partition.when(cancel("greet")).answers("rejected COMPLETED").emitsNothing();
  }

  // ---- pause and resume ----

  @Test
  void aPauseLetsTheAttemptComeToARest() {
    partition.when(Asked.plain("greet"));
    partition.when(pause("greet")).answers("requested").emits("pause greet");
    assertThat(partition.statusOf("greet")).isEqualTo("pausing");

    partition.when(partition.says("greet", 1, Says.sleep(1, 99), Says.suspended(1)));
    assertThat(partition.statusOf("greet")).isEqualTo("paused");
    partition.when(resume("greet")).answers("done").emits("start greet");
  }

  @Test
  void aPauseCanBeTakenBack() {
    partition.when(Asked.plain("greet"));
    partition.when(pause("greet"));

    partition.when(resume("greet")).answers("done").emits("hurry greet");
    assertThat(partition.statusOf("greet")).isEqualTo("invoked");
  }

  @Test
  void aPauseThatWasTakenBackIsNotHeededAnyMore() {
    partition.when(Asked.plain("greet"));
    partition.when(pause("greet"));
    partition.when(resume("greet"));

    // It was said before the attempt heard of the resume.
    partition.when(partition.says("greet", 1, Says.pauseHeeded("as asked"))).emits("start greet");
    assertThat(partition.statusOf("greet")).isEqualTo("invoked");
  }

  @Test
  void anAttemptThatHeedsAPauseSaysWhatWasBefore() {
    partition.when(Asked.plain("greet"));
    partition.when(pause("greet"));

    partition.when(partition.says("greet", 1, Says.pauseHeeded("as asked"))).emitsNothing();
    assertThat(partition.view().invocation(Asked.id("greet")).status())
        .isEqualTo(new Status.Paused("as asked"));
  }

  @Test
  void aPausedInvocationMayStillEnd() {
    partition.when(Asked.plain("greet"));
    partition.when(pause("greet"));

    partition.when(partition.says("greet", 1, Says.output("x"), Says.end()));
    partition.emits("ended greet x");
  }

  @Test
  void aCancelTakesAPauseBack() {
    partition.when(Asked.plain("greet"));
    partition.when(pause("greet"));

    partition.when(cancel("greet")).emits("tell greet 1 Signal", "hurry greet");
    assertThat(partition.statusOf("greet")).isEqualTo("invoked");
  }

  @Test
  void whoSleepsIsPausedAtOnceAndResumedOnlyByHand() {
    partition.when(Asked.plain("greet"));
    partition.when(partition.says("greet", 1, Says.sleep(1, 9), Says.suspended(1)));
    partition.when(pause("greet")).answers("done").emitsNothing();

    var alarm = new dev.reprise.storage.model.TimerKey(9, Asked.id("greet"), 1);
    partition.after(Duration.ofMillis(9)).when(new Command.FireTimers(List.of(alarm)));
    partition.emitsNothing();
    partition.when(resume("greet")).emits("start greet");
  }

  @Test
  void whatHasNotStartedCanNeitherPauseNorResume() {
    partition.when(Asked.plain("later").startAt(500));

    partition.when(pause("later"), resume("later"));
    partition.answers("rejected NOT_STARTED", "rejected NOT_STARTED");
  }

  @Test
  void aPausedInvocationMovesToADeploymentOfTheSameProtocolVersion() {
    partition.when(Asked.plain("greet"));
    Pin next = new Pin("dp_2", PartitionStory.PIN.protocolVersion());
    partition
        .when(new Command.Resume(Asked.id("greet"), next))
        .answers("rejected DEPLOYMENT_FIXED");
    partition.when(partition.says("greet", 1, Says.paused("enough")));

    Pin younger = new Pin("dp_2", PartitionStory.PIN.protocolVersion() + 1);
    partition.when(new Command.Resume(Asked.id("greet"), younger));
    partition.answers("rejected DEPLOYMENT_FIXED").emitsNothing();
    partition.when(new Command.Resume(Asked.id("greet"), next)).emits("start greet");
    assertThat(partition.view().invocation(Asked.id("greet")))
        .satisfies(it -> assertThat(it.progress().pin()).isEqualTo(next));
  }

  // ---- purge ----

  @Test
  void whatRunsIsNotPurged() {
    partition.when(Asked.plain("greet")).when(Asked.plain("later").startAt(500));

    partition.when(
        new Command.Purge(Asked.id("greet")),
        new Command.PurgeJournal(Asked.id("greet")),
        new Command.Purge(Asked.id("later")),
        new Command.Purge(Asked.id("nobody")));
    partition.answers(
        "rejected NOT_COMPLETED",
        "rejected NOT_COMPLETED",
        "rejected NOT_STARTED",
        "rejected NOT_FOUND");
  }

  @Test
  void aPurgeForgetsOutcomeJournalAndExpiry() {
    partition.when(Asked.plain("greet").kept(Duration.ofDays(2), Duration.ofDays(1)));
    partition.when(partition.says("greet", 1, Says.output("x"), Says.end()));

    partition.when(new Command.PurgeJournal(Asked.id("greet"))).answers("done");
    assertThat(partition.journalOf("greet")).isEmpty();
    assertThat(partition.statusOf("greet")).isEqualTo("ended");
    partition.when(new Command.Purge(Asked.id("greet"))).answers("done");
    assertThat(partition.statusOf("greet")).isEqualTo("gone");
    try (var scan = partition.view().expiriesBefore(null, Long.MAX_VALUE)) {
      assertThat(scan.next()).isFalse();
    }
  }
}
