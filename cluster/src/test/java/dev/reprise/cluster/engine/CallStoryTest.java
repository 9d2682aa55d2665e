package dev.reprise.cluster.engine;

import static dev.reprise.cluster.engine.PartitionStory.OTHER;
import static dev.reprise.cluster.engine.PartitionStory.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.model.Waiter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls between handlers, within the partition and to others. */
class CallStoryTest extends StoryTest {
  private final Asked caller = Asked.plain("caller");

  @BeforeEach
  void thereIsACaller() {
    partition.when(caller);
  }

  /** Of the present life of the caller, as completion 2. */
  private Waiter waiter() {
    return waiter(2);
  }

  private Waiter waiter(int completion) {
    return new Waiter(SELF, caller.id(), partition.incarnationOf("caller"), completion);
  }

  private Asked callee() {
    return Asked.plain("callee").answeredTo(waiter());
  }

  private Statement calls(Asked callee) {
    return Says.call(1, SELF, callee.make());
  }

  private void calleeEnds() {
    partition.when(partition.says("callee", 1, Says.output("pong"), Says.end()));
  }

  private static Command delivery(long first, OutboxMessage... messages) {
    return new Command.Deliver(OTHER, first, List.of(messages));
  }

  @Test
  void aCallMakesItsCalleeAndTellsItsIdAtOnce() {
    partition
        .when(partition.says("caller", 1, calls(callee())))
        .answers("done")
        .emits("tell caller 2 CallInvocationId", "start callee afresh");
    assertThat(partition.journalOf("caller")).containsExactly("Input", "Call", "CallInvocationId*");
  }

  @Test
  void theOutcomeWakesTheCaller() {
    partition.when(partition.says("caller", 1, calls(callee()), Says.suspended(2)));

    calleeEnds();

    partition.emits("ended callee pong", "start caller");
    assertThat(partition.journalOf("caller"))
        .containsExactly("Input", "Call", "CallInvocationId*", "Call*");
  }

  @Test
  void aCalleeThatEndsBeforeItsCallerSuspendsIsNotMissed() {
    partition.when(partition.says("caller", 1, calls(callee())));
    calleeEnds();
    partition.emits("tell caller 3 Call", "ended callee pong");

    partition.when(partition.says("caller", 1, Says.suspended(2))).emits("start caller");
  }

  @Test
  void aCallerOfAnEndedNamedCalleeIsAnsweredAtOnce() {
    partition.when(Asked.plain("callee").kept(Duration.ofDays(1), Duration.ZERO));
    calleeEnds();

    partition
        .when(partition.says("caller", 1, calls(callee())))
        .emits("tell caller 2 CallInvocationId", "tell caller 3 Call");
  }

  @Test
  void everyCallerOfANamedCalleeIsTold() {
    partition.when(
        partition.says(
            "caller", 1, calls(callee()), Says.call(3, SELF, calleeOf(4)), Says.suspended(2, 4)));

    calleeEnds();

    assertThat(partition.journalOf("caller").stream().filter("Call*"::equals)).hasSize(2);
  }

  private NewInvocation calleeOf(int completion) {
    return Asked.plain("callee").request(99).answeredTo(waiter(completion)).make();
  }

  @Test
  void aSecondCallOfAWorkflowsRunFails() {
    partition.when(Asked.workflow("wf").request(1));

    Asked again = Asked.workflow("wf").request(2).answeredTo(waiter());
    partition
        .when(partition.says("caller", 1, calls(again)))
        .emits("tell caller 2 CallInvocationId", "tell caller 3 Call");
  }

  @Test
  void aOneWayCallAwaitsNothing() {
    partition
        .when(
            partition.says(
                "caller",
                1,
                Says.send(1, SELF, Asked.plain("callee").make()),
                Says.output("sent"),
                Says.end()))
        .emits("tell caller 2 CallInvocationId", "ended caller sent", "start callee afresh");

    calleeEnds();
    partition.emits("ended callee pong");
  }

  @Test
  void aDelayedOneWayCallStartsLater() {
    partition.when(
        partition.says("caller", 1, Says.send(1, SELF, Asked.plain("callee").startAt(500).make())));
    partition.emits("tell caller 2 CallInvocationId", "timer callee at 500");

    TimerKey start = new TimerKey(500, Asked.id("callee"), TimerKey.START);
    partition.after(Duration.ofMillis(500)).when(new Command.FireTimers(List.of(start)));
    partition.emits("start callee");
  }

  @Test
  void aCallToAnotherPartitionWaitsInTheOutboxUntilItIsThere() {
    partition
        .when(partition.says("caller", 1, Says.call(1, OTHER, callee().make()), Says.suspended(2)))
        .emits("tell caller 2 CallInvocationId", "ship 1 #1");

    partition.when(new Command.TruncateOutbox(OTHER, 1, 1)).answers("done").emitsNothing();
    partition.when(delivery(1, new OutboxMessage.Answer(waiter(), success("pong"))));
    partition.answers("delivered 1").emits("start caller");
  }

  private static Outcome success(String text) {
    return new Outcome.Success(Bytes.utf8(text));
  }

  @Test
  void anAnswerComesOnceHoweverOftenItIsSaid() {
    partition.when(
        partition.says("caller", 1, Says.call(1, OTHER, callee().make()), Says.sleep(3, 99)));
    OutboxMessage answer = new OutboxMessage.Answer(waiter(), success("pong"));

    partition.when(delivery(1, answer)).emits("tell caller 4 Call");
    partition.when(delivery(2, answer)).answers("delivered 2").emitsNothing();
  }

  @Test
  void anAnswerToAFormerLifeOfTheCallerMeetsNothing() {
    Waiter formerLife = waiter();
    partition.when(partition.says("caller", 1, Says.output("x"), Says.end()));
    partition.when(caller);
    partition.when(partition.says("caller", 1, Says.call(1, OTHER, callee().make())));

    partition.when(delivery(1, new OutboxMessage.Answer(formerLife, success("pong"))));

    partition.answers("delivered 1").emitsNothing();
    assertThat(partition.journalOf("caller")).doesNotContain("Call*");
  }

  @Test
  void aCallFromAnotherPartitionIsAnsweredThroughTheOutbox() {
    Waiter there = new Waiter(OTHER, Asked.id("far"), 77, 2);
    OutboxMessage create = new OutboxMessage.Create(Asked.plain("callee").answeredTo(there).make());

    partition.when(delivery(1, create)).answers("delivered 1").emits("start callee afresh");
    calleeEnds();
    partition.emits("ship 1 #1", "ended callee pong");
  }

  @Test
  void aMessageThatIsDeliveredTwiceIsTakenOnce() {
    OutboxMessage create = new OutboxMessage.Create(Asked.plain("callee").make());
    partition.when(delivery(1, create));
    calleeEnds();

    partition.when(delivery(1, create)).answers("delivered 1").emitsNothing();
    assertThat(partition.statusOf("callee")).isEqualTo("gone");
  }

  @Test
  void aDeliveryThatOverlapsTakesOnlyWhatIsNew() {
    OutboxMessage one = new OutboxMessage.Create(Asked.plain("one").make());
    OutboxMessage two = new OutboxMessage.Create(Asked.plain("two").make());
    partition.when(delivery(1, one));

    partition.when(delivery(1, one, two)).answers("delivered 2").emits("start two afresh");
  }

  @Test
  void aDeliveryWithAGapTakesNothingAndSaysWhereToGoOn() {
    OutboxMessage third = new OutboxMessage.Create(Asked.plain("third").make());

    partition.when(delivery(3, third)).answers("delivered 0").emitsNothing();
    assertThat(partition.statusOf("third")).isEqualTo("gone");
  }

  @Test
  void truncationDeletesWhatWasToldAndNothingMore() {
    partition.when(
        partition.says(
            "caller",
            1,
            Says.send(1, OTHER, Asked.plain("one").make()),
            Says.send(2, OTHER, Asked.plain("two").make())));
    partition.when(new Command.TruncateOutbox(OTHER, 1, 1));
    partition.when(new Command.TruncateOutbox(OTHER, 1, 1));

    assertThat(OpenWork.of(partition.store()).messages()).containsExactly("1 #2");
    partition.when(new Command.TruncateOutbox(OTHER, 2, 900));
    partition.when(partition.says("caller", 1, Says.send(3, OTHER, Asked.plain("three").make())));
    partition.emits("tell caller 6 CallInvocationId", "ship 1 #3");
  }
}
