package dev.reprise.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.reprise.cluster.log.simulated.Faults;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Retention;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a leader owes to those who ask, when its epoch ends and when it is flooded. */
@Timeout(60)
class OneNodeTest {
  private static final Faults LOSES_EVERYTHING = new Faults(3, 5, 200, 0, 1, 0, 0);
  private static final Faults KNOWS_NOTHING = new Faults(3, 5, 200, 0, 0, 1, 0);

  @BeforeAll
  static void beQuiet() {
    ((Logger) LoggerFactory.getLogger("dev.reprise")).setLevel(Level.OFF);
  }

  private static NewInvocation with(NewInvocation it, String key, Retention retention) {
    return new NewInvocation(
        it.id(),
        it.target(),
        it.requestHigh(),
        it.requestLow(),
        key,
        it.input(),
        it.startAtMillis(),
        retention,
        it.randomSeed(),
        null);
  }

  @Test
  void aCallIsAnsweredOnceWithItsOutcome() {
    OneNode node = new OneNode(10, 10).led();

    List<Answer> answers = node.call(node.make("echo", "", "hello"));
    node.time().runFor(1_000);

    assertThat(answers).singleElement().isInstanceOf(Answer.Ended.class);
  }

  @Test
  void aRequestThatComesBeforeALeaderWaitsForOne() {
    OneNode node = new OneNode(10, 10);

    List<Answer> answers = node.call(node.make("echo", "", "hello"));
    node.time().runFor(2_000);

    assertThat(answers).singleElement().isInstanceOf(Answer.Ended.class);
  }

  @Test
  void aRequestThatFindsNoLeaderIsRefusedInTheEndAndLeavesNothing() {
    OneNode node = new OneNode(10, 10);
    node.log().pause(0);
    NewInvocation asked = node.make("echo", "", "hello");

    List<Answer> answers = node.call(asked);
    node.time().runFor(3_000);
    assertThat(answers).singleElement().isInstanceOf(Answer.Unavailable.class);

    node.log().resume(0);
    node.time().runFor(3_000);
    assertThat(node.tables().completed(asked.id())).isNull();
    assertThat(node.tables().invocation(asked.id())).isNull();
    assertThat(answers).hasSize(1);
  }

  @Test
  void aRequestThatIsRememberedIsAskedAgainWhenItsFateIsUnknownAndRunsOnce() {
    OneNode node = new OneNode(10, 10).led();
    node.log().become(KNOWS_NOTHING);

    List<Answer> answers = node.call(node.remembered("steps", "once"));
    node.time().runFor(50);
    node.log().become(Faults.NONE);
    node.time().runFor(5_000);

    assertThat(answers).singleElement().isInstanceOf(Answer.Ended.class);
  }

  @Test
  void aRequestThatNothingRemembersIsNotAskedAgainWhenItsFateIsUnknown() {
    OneNode node = new OneNode(10, 10).led();
    NewInvocation forgotten = with(node.make("echo", "", "x"), "", Retention.NONE);
    node.log().become(KNOWS_NOTHING);

    List<Answer> answers = new ArrayList<>();
    node.router().submit(forgotten, answers::add);
    node.time().runFor(50);
    node.log().become(Faults.NONE);
    node.time().runFor(5_000);

    assertThat(answers).singleElement().isInstanceOf(Answer.OutcomeUnknown.class);
  }

  @Test
  void aCallThatNothingRemembersIsNotMadeAgainButHeardOfWhileItIsOpen() {
    OneNode node = new OneNode(10, 10).led();
    NewInvocation forgotten = with(node.make("nap", "k", "a nap"), "", Retention.NONE);
    node.log().become(KNOWS_NOTHING);

    List<Answer> answers = node.call(forgotten);
    node.time().runFor(50);
    node.log().become(Faults.NONE);
    node.time().runFor(10_000);

    assertThat(answers).singleElement().isInstanceOf(Answer.Ended.class);
  }

  @Test
  void aCallThatEndedUnheardAndOfWhichNothingIsKeptIsOfUnknownFate() {
    OneNode node = new OneNode(10, 10).led();
    NewInvocation forgotten = with(node.make("echo", "", "x"), "", Retention.NONE);
    node.log().become(LOSES_EVERYTHING);

    List<Answer> answers = node.call(forgotten);
    node.time().runFor(50);
    node.log().become(Faults.NONE);
    node.time().runFor(5_000);

    assertThat(answers).singleElement().isInstanceOf(Answer.OutcomeUnknown.class);
  }

  @Test
  void whatWasInTheLogWhenTheTimeIsUpIsNotCalledUndone() {
    OneNode node = new OneNode(10, 10).led();
    NewInvocation asked = node.remembered("echo", "known");
    node.log().become(KNOWS_NOTHING);

    List<Answer> answers = node.call(asked);
    node.time().runFor(1_000);
    node.log().become(LOSES_EVERYTHING);
    node.time().runFor(6_000);

    assertThat(answers).singleElement().isInstanceOf(Answer.OutcomeUnknown.class);
  }

  @Test
  void aCallThatIsTakenBackBeforeTheLogAnsweredHearsNothing() {
    OneNode node = new OneNode(10, 10).led();
    List<Answer> answers = new ArrayList<>();

    Loop.Cancellable call = node.router().call(node.make("echo", "", "x"), answers::add);
    call.cancel();
    node.time().runFor(1_000);

    assertThat(answers).isEmpty();
  }

  @Test
  void whoWaitsWhenThePartitionClosesWaitsForAnotherLeaderButNotForEver() {
    OneNode node = new OneNode(10, 10).led();
    List<Answer> answers = node.call(node.make("nap", "k", "a long nap it is"));
    node.time().runFor(30);

    node.partition().close();
    node.time().runFor(1_000);
    assertThat(answers).isEmpty();

    node.time().runFor(5_000);
    assertThat(answers).singleElement().isInstanceOf(Answer.OutcomeUnknown.class);
  }

  @Test
  void whoWaitsWhenTheNodeStopsIsToldAtOnce() {
    OneNode node = new OneNode(10, 10).led();
    List<Answer> answers = node.call(node.make("nap", "k", "a long nap it is"));
    node.time().runFor(30);

    node.partition().close();
    node.router().close();
    node.time().runFor(100);

    assertThat(answers).singleElement().isInstanceOf(Answer.OutcomeUnknown.class);
  }

  @Test
  void aFullDiskClosesThePartitionAndWhoeverWaitsIsTold() {
    OneNode node = new OneNode(10, 10).led();
    List<Answer> waiting = node.call(node.make("nap", "k", "a long nap it is"));
    node.time().runFor(30);

    node.store().refuseWrites(true);
    List<Answer> late = node.call(node.make("echo", "", "x"));
    node.time().runFor(6_000);

    assertThat(waiting).singleElement().isInstanceOf(Answer.OutcomeUnknown.class);
    assertThat(late).hasSize(1);
  }

  @Test
  void whatCannotBeWrittenDownIsRefusedAndHoldsUpNobody() {
    OneNode node = new OneNode(10, 10).led();
    NewInvocation bad = with(node.make("echo", "", "x"), "\uD800", Retention.NONE);

    List<Answer> refused = node.call(bad);
    List<Answer> good = node.call(node.make("echo", "", "y"));
    node.time().runFor(1_000);

    assertThat(refused).singleElement().isInstanceOf(Answer.Unavailable.class);
    assertThat(good).singleElement().isInstanceOf(Answer.Ended.class);
  }

  @Test
  void anAnswerThatNobodyCanTakeHoldsUpNobodyElse() {
    OneNode node = new OneNode(10, 10).led();

    node.router()
        .submit(
            node.make("echo", "", "x"),
            answer -> {
              throw new IllegalStateException("the client is gone");
            });
    List<Answer> good = node.call(node.make("echo", "", "y"));
    node.time().runFor(1_000);

    assertThat(good).singleElement().isInstanceOf(Answer.Ended.class);
  }

  @Test
  void aThousandTimersAllFireThoughOnlyThreeAreInMemory() {
    OneNode node = new OneNode(3, 50).led();
    List<NewInvocation> asked = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      NewInvocation named = node.remembered("echo", "n" + i);
      asked.add(node.delayed(named, 1_000 + i * 7 % 300));
      node.router().submit(asked.getLast(), answer -> {});
    }

    node.time().runFor(6_000);

    assertThat(asked).allSatisfy(it -> assertThat(node.tables().completed(it.id())).isNotNull());
  }

  @Test
  void aThousandInvocationsAllRunThoughOnlyTwoFit() {
    OneNode node = new OneNode(10, 2).led();
    List<List<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      answers.add(node.call(node.make("echo", "", "n" + i)));
    }

    node.time().runFor(60_000);

    assertThat(answers)
        .allSatisfy(it -> assertThat(it).singleElement().isInstanceOf(Answer.Ended.class));
  }

  @Test
  void whatIsKeptLongEnoughIsForgottenThoughThePartitionIsNeverIdle() {
    OneNode node = new OneNode(10, 10).led();
    NewInvocation early = node.remembered("echo", "early");
    node.call(early);
    node.time().runFor(500);
    assertThat(node.tables().completed(early.id())).isNotNull();

    for (int i = 0; i < 5_000; i++) {
      node.router().submit(node.make("echo", "", "busy"), answer -> {});
      node.time().runFor(3);
    }

    assertThat(node.tables().completed(early.id())).isNull();
  }
}
