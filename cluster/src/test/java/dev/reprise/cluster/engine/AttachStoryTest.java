package dev.reprise.cluster.engine;

import static dev.reprise.cluster.engine.PartitionStory.OTHER;
import static dev.reprise.cluster.engine.PartitionStory.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Waiter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Asking for the outcome of an invocation that one did not call. */
class AttachStoryTest extends StoryTest {
  @BeforeEach
  void somebodyAsks() {
    partition.when(Asked.plain("asks"));
  }

  private Waiter waiter(int completion) {
    return new Waiter(SELF, Asked.id("asks"), partition.incarnationOf("asks"), completion);
  }

  private Statement attach() {
    return Says.attach(SELF, "target", waiter(1));
  }

  private Statement getOutput() {
    return Says.getOutput(SELF, "target", waiter(1));
  }

  private void targetEnds() {
    partition.when(partition.says("target", 1, Says.output("pong"), Says.end()));
  }

  @Test
  void attachingWaitsForTheOutcome() {
    partition.when(Asked.plain("target"));
    partition.when(partition.says("asks", 1, attach(), Says.suspended(1))).emitsNothing();

    targetEnds();

    partition.emits("ended target pong", "start asks");
    assertThat(partition.journalOf("asks"))
        .containsExactly("Input", "AttachInvocation", "AttachInvocation*");
    assertThat(partition.lastToldTo("asks")).isEqualTo("pong");
  }

  @Test
  void attachingToWhatHasEndedIsAnsweredAtOnce() {
    partition.when(Asked.plain("target").kept(Duration.ofDays(1), Duration.ZERO));
    targetEnds();

    partition.when(partition.says("asks", 1, attach())).emits("tell asks 2 AttachInvocation");
    assertThat(partition.lastToldTo("asks")).isEqualTo("pong");
  }

  @Test
  void attachingToNobodyFails() {
    partition.when(partition.says("asks", 1, attach())).emits("tell asks 2 AttachInvocation");

    assertThat(partition.lastToldTo("asks")).isEqualTo("404 not found");
  }

  @Test
  void askingForTheOutputOfOneThatRunsShowsNothing() {
    partition.when(Asked.plain("target"));

    partition.when(partition.says("asks", 1, getOutput())).emits("tell asks 2 GetInvocationOutput");
    assertThat(partition.lastToldTo("asks")).isEqualTo("void");
    targetEnds();
    partition.emits("ended target pong");
  }

  @Test
  void askingForTheOutputOfOneThatHasEndedShowsIt() {
    partition.when(Asked.plain("target").kept(Duration.ofDays(1), Duration.ZERO));
    targetEnds();

    partition.when(partition.says("asks", 1, getOutput()));
    assertThat(partition.lastToldTo("asks")).isEqualTo("pong");
  }

  @Test
  void askingForTheOutputOfNobodyFails() {
    partition.when(partition.says("asks", 1, getOutput()));

    assertThat(partition.lastToldTo("asks")).isEqualTo("404 not found");
  }

  @Test
  void anotherPartitionIsAskedThroughTheOutboxAndAnswersThroughItsOwn() {
    partition.when(
        partition.says("asks", 1, Says.attach(OTHER, "far", waiter(1)), Says.suspended(1)));
    partition.emits("ship 1 #1");

    OutboxMessage answer =
        new OutboxMessage.Answer(
            waiter(1),
            new dev.reprise.storage.model.Outcome.Success(
                dev.reprise.storage.model.Bytes.utf8("far away")));
    partition.when(new Command.Deliver(OTHER, 1, List.of(answer))).emits("start asks");
    assertThat(partition.lastToldTo("asks")).isEqualTo("far away");
  }

  @Test
  void anotherPartitionIsAnswered() {
    Waiter far = new Waiter(OTHER, Asked.id("far"), 5, 3);
    partition.when(Asked.plain("target"));

    OutboxMessage get = new OutboxMessage.GetOutput(Asked.id("target"), far);
    partition.when(new Command.Deliver(OTHER, 1, List.of(get))).emits("ship 1 #1");
    try (var scan = partition.view().outbox(OTHER, 1)) {
      assertThat(scan.next()).isTrue();
      assertThat(scan.value()).isEqualTo(new OutboxMessage.NotReady(far));
    }
  }

  @Test
  void anAnswerThatWasNotAskedForChangesNothing() {
    partition.when(partition.says("asks", 1, Says.run(1)));

    OutboxMessage stray = new OutboxMessage.NotReady(waiter(1));
    partition.when(new Command.Deliver(OTHER, 1, List.of(stray))).emitsNothing();
    assertThat(partition.journalOf("asks")).containsExactly("Input", "Run");
  }

  @Test
  void whoIsAttachedToAKilledOneIsTold() {
    partition.when(Asked.plain("target"));
    partition.when(partition.says("asks", 1, attach(), Says.suspended(1)));

    partition.when(new Command.Kill(Asked.id("target")));
    assertThat(partition.lastToldTo("asks")).isEqualTo("409 killed");
  }
}
