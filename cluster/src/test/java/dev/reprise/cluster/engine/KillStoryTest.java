package dev.reprise.cluster.engine;

import static dev.reprise.cluster.engine.PartitionStory.OTHER;
import static dev.reprise.cluster.engine.PartitionStory.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Waiter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a kill ends, and whom it spares. */
class KillStoryTest extends StoryTest {
  private static Command kill(String name) {
    return new Command.Kill(Asked.id(name));
  }

  private Waiter waiter(String parent) {
    return new Waiter(SELF, Asked.id(parent), partition.incarnationOf(parent), 2);
  }

  private NewInvocation childOf(String parent, String name) {
    return Asked.plain(name).answeredTo(waiter(parent)).make();
  }

  @Test
  void aKillEndsItNowAndAllThatItCalled() {
    partition.when(Asked.plain("parent"));
    partition.when(
        partition.says(
            "parent",
            1,
            Says.call(1, SELF, childOf("parent", "child")),
            Says.send(3, SELF, Asked.plain("sent").make())));
    partition.when(
        partition.says(
            "sent", 1, Says.send(1, SELF, Asked.plain("grandchild").startAt(500).make())));

    partition.when(kill("parent")).answers("done");

    partition.emits(
        "ended parent 409 killed",
        "abort parent",
        "ended child 409 killed",
        "abort child",
        "ended sent 409 killed",
        "abort sent",
        "ended grandchild 409 killed");
    assertThat(OpenWork.of(partition.store()).timers()).isEmpty();
  }

  @Test
  void aKillFreesTheKey() {
    partition.when(Asked.exclusive("first", "k")).when(Asked.exclusive("second", "k"));

    partition.when(kill("first"));
    partition.emits("ended first 409 killed", "abort first", "start second");
  }

  @Test
  void aKilledTreeOnOneKeyLeavesNothingLocked() {
    partition.when(Asked.exclusive("parent", "k"));
    NewInvocation child = Asked.exclusive("child", "k").answeredTo(waiter("parent")).make();
    partition.when(partition.says("parent", 1, Says.call(1, SELF, child), Says.suspended(2)));

    partition.when(kill("parent"));

    assertThat(partition.statusOf("child")).isEqualTo("gone");
    assertThat(partition.view().lock(child.target().object())).isNull();
  }

  @Test
  void aKillMeansTheLifeThatItsJournalMadeAndNoLaterOne() {
    partition.when(Asked.plain("parent"));
    partition.when(partition.says("parent", 1, Says.send(1, SELF, Asked.plain("child").make())));
    partition.when(partition.says("child", 1, Says.output("x"), Says.end()));
    partition.when(Asked.plain("child"));

    partition.when(kill("parent"));
    partition.emits("ended parent 409 killed", "abort parent");
    assertThat(partition.statusOf("child")).isEqualTo("invoked");
  }

  @Test
  void aKillDoesNotReachWhatAnotherMade() {
    partition.when(Asked.plain("shared")).when(Asked.plain("parent"));
    partition.when(partition.says("parent", 1, Says.call(1, SELF, childOf("parent", "shared"))));

    partition.when(kill("parent"));
    assertThat(partition.statusOf("shared")).isEqualTo("invoked");
  }

  @Test
  void aChildInAnotherPartitionIsKilledThroughTheOutbox() {
    // Of two partitions, half of all names live in the other.
    String far =
        java.util.stream.IntStream.range(0, 100)
            .mapToObj(it -> "far" + it)
            .filter(it -> Asked.id(it).partitionAmong(2) == OTHER)
            .findFirst()
            .orElseThrow();
    partition.when(Asked.plain("parent"));
    partition.when(partition.says("parent", 1, Says.send(1, OTHER, Asked.plain(far).make())));

    partition.when(new Command.Kill(Asked.id("parent"), 2));
    partition.emits("ended parent 409 killed", "abort parent", "ship 1 #2");
  }

  @Test
  void aParentKilledElsewhereKillsWhatItMadeHere() {
    partition.when(Asked.plain("child").request(7));
    RequestId made = new RequestId(0, 7);
    OutboxMessage other = new OutboxMessage.Kill(Asked.id("child"), new RequestId(0, 8), 1);
    OutboxMessage kill = new OutboxMessage.Kill(Asked.id("child"), made, 1);

    partition.when(new Command.Deliver(OTHER, 1, List.of(other))).emitsNothing();
    partition.when(new Command.Deliver(OTHER, 2, List.of(kill)));
    partition.emits("ended child 409 killed", "abort child");
  }

  @Test
  void aWideTreeIsKilledInOneGo() {
    partition.when(Asked.plain("parent"));
    for (int i = 0; i < 200; i++) {
      NewInvocation child = Asked.plain("child" + i).make();
      partition.when(partition.says("parent", 1, Says.send(i + 1, SELF, child)));
    }

    partition.when(kill("parent"));
    assertThat(OpenWork.of(partition.store()).toRun()).isEmpty();
  }

  @Test
  void nobodyAndWhoHasEndedAreNotKilled() {
    partition.when(kill("nobody")).answers("rejected NOT_FOUND");
    partition.when(Asked.plain("greet").kept(Duration.ofDays(1), Duration.ZERO));
    partition.when(kill("greet")).answers("done");

    partition.when(kill("greet")).answers("rejected COMPLETED");
  }
}
