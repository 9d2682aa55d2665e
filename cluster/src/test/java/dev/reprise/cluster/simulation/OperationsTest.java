package dev.reprise.cluster.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result.Rejection;
import dev.reprise.cluster.log.simulated.Faults;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What a partition's front answers to signals, promises, state and operations. */
@Timeout(60)
class OperationsTest {
  private static final Faults KNOWS_NOTHING = new Faults(3, 5, 200, 0, 0, 1, 0);
  private static final ObjectId WORKFLOW = new ObjectId("Signup", "ada");
  private static final Outcome YES = new Outcome.Success(Bytes.utf8("yes"));
  private static final Outcome NO = new Outcome.Success(Bytes.utf8("no"));

  private final OneNode node = new OneNode(10, 10).led();
  private final List<Answer> answers = new ArrayList<>();

  @BeforeAll
  static void beQuiet() {
    ((Logger) LoggerFactory.getLogger("dev.reprise")).setLevel(Level.OFF);
  }

  private static RequestId request(long number) {
    return new RequestId(0, number);
  }

  private static Signal awakeable(Outcome outcome) {
    return new Signal(new SignalId.Index(SignalId.FIRST_AWAKEABLE), outcome);
  }

  private Answer last() {
    node.time().runFor(1_000);
    return answers.getLast();
  }

  private NewInvocation later() {
    NewInvocation later = node.delayed(node.remembered("echo", "later"), 1_000_000);
    node.router().submit(later, it -> {});
    node.time().runFor(1_000);
    return later;
  }

  private Answer manage(Command.Operation operation) {
    node.router().manage(operation, answers::add);
    return last();
  }

  private void refusedAs(Rejection why, Answer answer) {
    assertThat(answer)
        .isInstanceOfSatisfying(Answer.Refused.class, it -> assertThat(it.why()).isEqualTo(why));
  }

  @Test
  void aSignalIsTakenOnceAndTheSecondSenderIsTold() {
    InvocationId id = later().id();

    node.router().signal(id, awakeable(YES), request(1), answers::add);
    assertThat(last()).isEqualTo(new Answer.Done());
    node.router().signal(id, awakeable(NO), request(2), answers::add);
    refusedAs(Rejection.DECIDED, last());
    node.router().signal(id, awakeable(YES), request(1), answers::add);
    assertThat(last()).isEqualTo(new Answer.Done());
    node.router().signal(new InvocationId(1, 2, 3), awakeable(YES), request(4), answers::add);
    refusedAs(Rejection.NOT_FOUND, last());
  }

  @Test
  void aSignalWhoseFateIsUnknownIsSentAgainAndTakenOnce() {
    InvocationId id = later().id();
    node.log().become(KNOWS_NOTHING);

    node.router().signal(id, awakeable(YES), request(1), answers::add);
    node.time().runFor(50);
    node.log().become(Faults.NONE);
    node.time().runFor(5_000);

    assertThat(answers).containsExactly(new Answer.Done());
    assertThat(node.tables().invocation(id))
        .satisfies(it -> assertThat(it.progress().signals()).isEqualTo(1));
  }

  @Test
  void aPromiseIsDecidedOnceAndCanBePeekedAt() {
    node.router().peekPromise(WORKFLOW, "approved", answers::add);
    assertThat(last()).isEqualTo(new Answer.Peeked(null));

    node.router().completePromise(WORKFLOW, "approved", YES, request(1), answers::add);
    assertThat(last()).isEqualTo(new Answer.Done());
    node.router().completePromise(WORKFLOW, "approved", NO, request(2), answers::add);
    refusedAs(Rejection.DECIDED, last());
    node.router().peekPromise(WORKFLOW, "approved", answers::add);
    assertThat(last()).isEqualTo(new Answer.Peeked(YES));
  }

  @Test
  void stateIsPatchedAndRead() {
    ObjectId object = new ObjectId("Counter", "k");
    StateEntry entry = new StateEntry(Bytes.utf8("n"), Bytes.utf8("5"));

    node.router()
        .patchState(object, new StatePatch(request(1), null, List.of(entry)), answers::add);
    assertThat(last()).isEqualTo(new Answer.Done());
    node.router().state(object, 1_000, answers::add);
    assertThat(last()).isEqualTo(new Answer.State(List.of(entry), true));
    node.router().state(object, 1, answers::add);
    assertThat(last()).isEqualTo(new Answer.State(List.of(), false));
    node.router().patchState(object, new StatePatch(request(2), "other", List.of()), answers::add);
    refusedAs(Rejection.OTHER_VERSION, last());
  }

  @Test
  void whoCalledIsToldOfAKill() {
    NewInvocation nap = node.make("nap", "k", "x".repeat(6));
    List<Answer> called = node.call(nap);
    node.time().runFor(50);

    assertThat(manage(new Command.Kill(nap.id()))).isEqualTo(new Answer.Done());

    assertThat(called)
        .singleElement()
        .isInstanceOfSatisfying(
            Answer.Ended.class,
            it ->
                assertThat(it.completed().outcome()).isEqualTo(new Outcome.Failure(409, "killed")));
  }

  @Test
  void aPausedInvocationWaitsUntilItIsResumed() {
    NewInvocation nap = node.make("nap", "k", "x".repeat(6));
    List<Answer> called = node.call(nap);
    node.time().runFor(50);
    node.router().manage(new Command.Pause(nap.id()), answers::add);
    node.time().runFor(10_000);

    assertThat(called).isEmpty();
    node.router().find(nap.id(), answers::add);
    assertThat(last()).isInstanceOf(Answer.Open.class);
    assertThat(manage(new Command.Resume(nap.id(), null))).isEqualTo(new Answer.Done());
    node.time().runFor(5_000);
    assertThat(called).singleElement().isInstanceOf(Answer.Ended.class);
  }

  @Test
  void whatHasEndedIsFoundPurgedAndNotFound() {
    NewInvocation echo = node.remembered("echo", "hello");
    node.call(echo);
    node.time().runFor(1_000);

    node.router().find(echo.id(), answers::add);
    assertThat(last()).isInstanceOf(Answer.Ended.class);
    refusedAs(Rejection.COMPLETED, manage(new Command.Cancel(echo.id(), request(1))));
    assertThat(manage(new Command.Purge(echo.id()))).isEqualTo(new Answer.Done());
    node.router().find(echo.id(), answers::add);
    assertThat(last()).isEqualTo(new Answer.NotFound(echo.id()));
  }

  @Test
  void whatWaitsForItsTimeIsCancelledAndNotPurged() {
    InvocationId id = later().id();

    refusedAs(Rejection.NOT_STARTED, manage(new Command.Purge(id)));
    assertThat(manage(new Command.Cancel(id, request(1)))).isEqualTo(new Answer.Done());
    assertThat(node.tables().completed(id))
        .isNotNull()
        .extracting(Completed::outcome)
        .isEqualTo(new Outcome.Failure(409, "canceled"));
  }
}
