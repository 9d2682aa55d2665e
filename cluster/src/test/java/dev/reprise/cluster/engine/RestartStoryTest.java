package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.RequestId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** New invocations out of ended ones. */
class RestartStoryTest extends StoryTest {
  @BeforeEach
  void oneHasEnded() {
    partition.when(Asked.plain("old").kept(Duration.ofDays(1), Duration.ofDays(1)));
    partition.when(partition.says("old", 1, Says.run(1), Says.run(2)));
    partition.when(
        partition.says("old", 1, Says.ran(2, "two"), Says.ran(1, "one"), Says.sleep(3, 99)));
    partition.when(partition.says("old", 1, Says.failed(500, "no")));
    assertThat(partition.journalOf("old"))
        .containsExactly("Input", "Run", "Run", "Run*", "Run*", "Sleep");
  }

  private static Command restart(int through, @Nullable Pin pin) {
    return new Command.Restart(
        Asked.id("old"), Asked.id("new"), new RequestId(0, 1), through, pin, 77);
  }

  @Test
  void theInputIsEnoughForANewOne() {
    partition.when(restart(0, null)).answers("created").emits("start new afresh");

    assertThat(partition.journalOf("new")).containsExactly("Input");
    assertThat(partition.view().invocation(Asked.id("new")))
        .satisfies(it -> assertThat(it.creation().randomSeed()).isEqualTo(77))
        .satisfies(it -> assertThat(it.progress().pin()).isNull());
  }

  @Test
  void aPieceOfTheJournalComesWithAllThatAnsweredIt() {
    partition.when(restart(1, null)).answers("created").emits("start new");

    assertThat(partition.journalOf("new")).containsExactly("Input", "Run", "Run*");
    assertThat(partition.lastToldTo("new")).isEqualTo("one");
    assertThat(partition.view().invocation(Asked.id("new")))
        .satisfies(it -> assertThat(it.creation().randomSeed()).isEqualTo(42))
        .satisfies(it -> assertThat(it.progress().commands()).isEqualTo(2))
        .satisfies(it -> assertThat(it.progress().pin()).isEqualTo(PartitionStory.PIN));
  }

  @Test
  void aPieceWithSomethingUnansweredIsRefused() {
    partition.when(restart(5, null)).answers("rejected BAD_RANGE").emitsNothing();
    partition.when(restart(6, null)).answers("rejected BAD_RANGE").emitsNothing();
  }

  @Test
  void aJournalIsNotReplayedInAnotherProtocolVersion() {
    Pin other = new Pin("dp_2", PartitionStory.PIN.protocolVersion() + 1);

    partition.when(restart(1, other)).answers("rejected DEPLOYMENT_FIXED");
    partition.when(restart(0, other)).answers("created");
  }

  @Test
  void theSameRequestMakesOne() {
    partition.when(restart(0, null)).answers("created");

    partition.when(restart(0, null)).answers("created").emitsNothing();
    Command another =
        new Command.Restart(Asked.id("old"), Asked.id("new"), new RequestId(0, 2), 0, null, 1);
    partition.when(another).answers("rejected DECIDED");
  }

  @Test
  void whatIsNotKeptOrNotOverIsNotRestarted() {
    partition.when(new Command.PurgeJournal(Asked.id("old")));
    partition.when(restart(0, null)).answers("rejected NOT_KEPT");
    partition.when(new Command.Purge(Asked.id("old")));
    partition.when(restart(0, null)).answers("rejected NOT_FOUND");
    partition.when(Asked.plain("old"));
    partition.when(restart(0, null)).answers("rejected NOT_COMPLETED");
  }

  @Test
  void aWorkflowRunsOnce() {
    partition.when(Asked.workflow("wf").kept(Duration.ofDays(1), Duration.ofDays(1)));
    partition.when(partition.says("wf", 1, Says.output("x"), Says.end()));

    Command again =
        new Command.Restart(Asked.id("wf"), Asked.id("new"), new RequestId(0, 1), 0, null, 1);
    partition.when(again).answers("rejected UNSUPPORTED");
  }

  @Test
  void aRestartedInvocationQueuesForItsKey() {
    partition.when(Asked.exclusive("first", "k").kept(Duration.ofDays(1), Duration.ofDays(1)));
    partition.when(new Command.Kill(Asked.id("first")));
    partition.when(Asked.exclusive("holder", "k"));

    Command again =
        new Command.Restart(Asked.id("first"), Asked.id("new"), new RequestId(0, 1), 0, null, 1);
    partition.when(again).answers("created").emitsNothing();
    partition.when(partition.says("holder", 1, Says.output("x"), Says.end()));
    partition.emits("ended holder x", "start new");
  }
}
