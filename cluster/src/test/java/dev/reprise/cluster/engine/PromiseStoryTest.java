package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.table.Layouts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the handlers of one workflow agree on. */
class PromiseStoryTest extends StoryTest {
  private static final ObjectId WORKFLOW = new ObjectId("Signup", "ada");
  private final Asked run = Asked.workflow("ada").kept(Duration.ofDays(1), Duration.ZERO);

  @BeforeEach
  void theWorkflowRuns() {
    partition.when(run);
  }

  private static Command decides(String value, long request) {
    return new Command.CompletePromise(
        WORKFLOW, "approved", new Outcome.Success(Bytes.utf8(value)), new RequestId(0, request));
  }

  @Test
  void whoWaitsIsToldWhatIsDecided() {
    partition.when(partition.says("ada", 1, Says.getPromise(1, "approved"), Says.suspended(1)));
    partition.when(Asked.beside("approve", "ada"));

    partition
        .when(partition.says("approve", 1, Says.completePromise(1, "approved", "yes")))
        .emits("tell approve 2 CompletePromise", "start ada");
    assertThat(partition.lastToldTo("ada")).isEqualTo("yes");
    assertThat(partition.lastToldTo("approve")).isEqualTo("void");
    assertThat(partition.journalOf("ada")).containsExactly("Input", "GetPromise", "GetPromise*");
  }

  @Test
  void everyoneWhoWaitsIsTold() {
    partition.when(partition.says("ada", 1, Says.getPromise(1, "approved"), Says.suspended(1)));
    partition.when(Asked.beside("look", "ada"));
    partition.when(partition.says("look", 1, Says.getPromise(1, "approved"), Says.suspended(1)));

    partition.when(decides("yes", 1)).answers("done").emits("start ada", "start look");
  }

  @Test
  void onlySoManyWaitForOnePromise() {
    Statement[] gets = new Statement[OpenInvocation.MAX_WAITERS + 1];
    for (int i = 0; i < gets.length; i++) {
      gets[i] = Says.getPromise(i + 1, "approved");
    }

    partition.when(partition.says("ada", 1, gets)).answers("done");

    assertThat(partition.lastToldTo("ada")).startsWith("429 Expected at most 1000");
    partition.when(decides("yes", 1)).answers("done");
    assertThat(partition.lastToldTo("ada")).isEqualTo("yes");
    assertThat(partition.journalOf("ada").stream().filter("GetPromise*"::equals))
        .hasSize(gets.length);
  }

  @Test
  void whatIsDecidedIsReadAtOnce() {
    partition.when(decides("yes", 1)).answers("done").emitsNothing();

    partition
        .when(partition.says("ada", 1, Says.getPromise(1, "approved")))
        .emits("tell ada 2 GetPromise");
    assertThat(partition.lastToldTo("ada")).isEqualTo("yes");
  }

  @Test
  void theFirstToDecideDecides() {
    partition.when(decides("yes", 1), decides("no", 2), decides("yes", 1));
    partition.answers("done", "rejected DECIDED", "done");

    partition.when(Asked.beside("approve", "ada"));
    partition.when(partition.says("approve", 1, Says.completePromise(1, "approved", "no")));
    assertThat(partition.lastToldTo("approve")).isEqualTo("409 promise was already completed");
    partition.when(partition.says("ada", 1, Says.peekPromise(1, "approved")));
    assertThat(partition.lastToldTo("ada")).isEqualTo("yes");
  }

  @Test
  void peekingAtWhatIsOpenShowsNothing() {
    partition.when(partition.says("ada", 1, Says.peekPromise(1, "approved")));

    assertThat(partition.lastToldTo("ada")).isEqualTo("void");
    assertThat(partition.journalOf("ada")).containsExactly("Input", "PeekPromise", "PeekPromise*");
  }

  @Test
  void whatIsDecidedBeforeTheWorkflowBeginsIsThereWhenItDoes() {
    ObjectId other = new ObjectId("Signup", "bob");
    Outcome outcome = new Outcome.Success(Bytes.utf8("early"));
    partition.when(new Command.CompletePromise(other, "approved", outcome, new RequestId(0, 1)));
    partition.when(Asked.workflow("bob"));

    partition.when(partition.says("bob", 1, Says.getPromise(1, "approved")));
    assertThat(partition.lastToldTo("bob")).isEqualTo("early");
  }

  @Test
  void oneThatEndsWaitsNoMore() {
    partition.when(partition.says("ada", 1, Says.getPromise(1, "approved")));
    partition.when(partition.says("ada", 1, Says.output("x"), Says.end()));

    assertThat(partition.view().promise(WORKFLOW, "approved")).isNull();
    partition.when(decides("late", 1)).answers("done").emitsNothing();
  }

  @Test
  void aPlainServiceHasNoPromises() {
    partition.when(Asked.plain("greet"));

    partition.when(partition.says("greet", 1, Says.getPromise(1, "approved"))).answers("faulted");
  }

  @Test
  void promisesAndStateAreForgottenWithTheWorkflow() {
    partition.when(partition.says("ada", 1, Says.set("step", "2"), Says.output("x"), Says.end()));
    partition.when(decides("yes", 1));
    partition.when(Asked.beside("look", "ada"));
    partition.when(partition.says("look", 1, Says.getPromise(1, "later"), Says.suspended(1)));

    TimerKey expiry = new TimerKey(86_400_000, run.id(), Layouts.OUTCOME);
    partition.after(Duration.ofDays(1)).when(new Command.PurgeExpired(List.of(expiry)));

    assertThat(partition.view().promise(WORKFLOW, "approved")).isNull();
    try (var state = partition.view().state(WORKFLOW)) {
      assertThat(state.next()).isFalse();
    }
    // Who still waits is not forgotten.
    Command late =
        new Command.CompletePromise(
            WORKFLOW, "later", new Outcome.Success(Bytes.EMPTY), new RequestId(0, 9));
    partition.when(late).emits("start look");
  }

  @Test
  void whatIsDecidedAfterItsWorkflowWasForgottenIsThereForTheNextRunOfItsKey() {
    partition.when(decides("old", 1));
    partition.when(partition.says("ada", 1, Says.output("x"), Says.end()));
    partition.when(new Command.Purge(run.id())).answers("done");

    partition.when(decides("late", 2)).answers("done").emitsNothing();

    partition.when(run.request(99)).answers("created");
    partition.when(partition.says("ada", 1, Says.getPromise(1, "approved")));
    assertThat(partition.lastToldTo("ada")).isEqualTo("late");
    partition.when(partition.says("ada", 1, Says.output("x"), Says.end()));
    partition.when(new Command.Purge(run.id())).answers("done");
    assertThat(partition.view().promise(WORKFLOW, "approved")).isNull();
  }

  @Test
  void theSameKeyBeginsAnewAfterAPurge() {
    partition.when(decides("old", 1));
    partition.when(partition.says("ada", 1, Says.output("x"), Says.end()));
    partition.when(new Command.Purge(run.id())).answers("done");
    partition.when(run.request(99)).answers("created");

    partition.when(partition.says("ada", 1, Says.peekPromise(1, "approved")));
    assertThat(partition.lastToldTo("ada")).isEqualTo("void");
    partition.when(decides("new", 2)).answers("done");
  }
}
