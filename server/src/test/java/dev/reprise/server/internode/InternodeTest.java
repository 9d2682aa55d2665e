package dev.reprise.server.internode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.metadata.RuleBook;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import dev.reprise.cluster.routing.InvocationIds;
import dev.reprise.cluster.simulation.ScriptedServices;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.operations.Inspections;
import dev.reprise.server.operations.InvocationLister;
import dev.reprise.server.operations.LimitLevels;
import dev.reprise.server.operations.LimitLister.Usage;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitPattern;
import dev.reprise.storage.model.LimitRule;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Retention;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.StatePatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Any node serves any request, over real connections; told of one town, the killing last. */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class InternodeTest {
  private static final LimitLevel STUCK = new LimitLevel("stuck", "", "");

  private static Town town;

  @BeforeAll
  static void build(@TempDir Path directory) throws Exception {
    town = new Town(directory, 2, 20_261_126);
  }

  @AfterAll
  static void close() {
    town.close();
  }

  private static String output(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Ended.class);
    Outcome outcome = ((Answer.Ended) answer).completed().outcome();
    assertThat(outcome).isInstanceOf(Outcome.Success.class);
    return ((Outcome.Success) outcome).value().toUtf8();
  }

  private static int partitionOf(NewInvocation asked) {
    return town.ranges().partitionOf(asked.id());
  }

  private static TownNode follower(NewInvocation asked) {
    return town.otherThan(town.leaderOf(partitionOf(asked)));
  }

  @Test
  @Order(1)
  void aCallIsAnsweredThroughEveryNode() {
    for (TownNode node : town.nodes()) {
      assertThat(output(node.call(town.services().make("echo", "", "hello")).join()))
          .isEqualTo("hello");
    }
  }

  @Test
  @Order(1)
  void everyKindOfQuestionIsAnsweredThroughANodeThatDoesNotLead() {
    NewInvocation nap = town.services().make("nap", "naps", "a nap");
    TownNode node = follower(nap);

    Answer accepted = node.ask(answer -> node.router().submit(nap, answer)).join();
    assertThat(accepted).isEqualTo(new Answer.Accepted(nap.id(), true, 0));
    CompletableFuture<Answer> attached = node.ask(it -> node.router().attach(nap.id(), it));
    assertThat(attached.join()).isInstanceOf(Answer.Ended.class);
    assertThat(node.ask(it -> node.router().output(nap.id(), it)).join())
        .isInstanceOf(Answer.Ended.class);
    assertThat(node.ask(it -> node.router().find(nap.id(), it)).join())
        .isInstanceOf(Answer.Ended.class);
    assertThat(
            node.ask(it -> node.router().manage(new Command.Cancel(nap.id(), request(1)), it))
                .join())
        .isInstanceOf(Answer.Refused.class);
    assertThat(node.ask(it -> node.router().manage(new Command.Purge(nap.id()), it)).join())
        .isEqualTo(new Answer.Done());
    assertThat(node.ask(it -> node.router().output(nap.id(), it)).join())
        .isEqualTo(new Answer.NotFound(nap.id()));
  }

  private static RequestId request(long number) {
    return new RequestId(7, number);
  }

  @Test
  @Order(1)
  void stateAndPromisesAreReadAndChangedThroughEveryNode() {
    ObjectId leaf = new ObjectId("Leaf", "far");
    ObjectId signup = new ObjectId("Signup", "far");
    List<StateEntry> entries = List.of(new StateEntry(Bytes.utf8("n"), Bytes.utf8("7")));
    Outcome yes = new Outcome.Success(Bytes.utf8("yes"));
    TownNode one = town.node(0);

    assertThat(
            one.ask(
                    it ->
                        one.router()
                            .patchState(leaf, new StatePatch(request(2), null, entries), it))
                .join())
        .isEqualTo(new Answer.Done());
    assertThat(
            one.ask(it -> one.router().completePromise(signup, "approved", yes, request(3), it))
                .join())
        .isEqualTo(new Answer.Done());

    for (TownNode node : town.nodes()) {
      assertThat(node.ask(it -> node.router().state(leaf, 1_000, it)).join())
          .isEqualTo(new Answer.State(entries, true));
      assertThat(node.ask(it -> node.router().peekPromise(signup, "approved", it)).join())
          .isEqualTo(new Answer.Peeked(yes));
    }
  }

  @Test
  @Order(1)
  void everyNodeListsAndShowsWhatTheLeadersHave() {
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      NewInvocation echo = town.services().make("echo", "", "listed" + i);
      asked.add(echo.id().toString());
      town.node(i % 3).ask(it -> town.node(0).router().submit(echo, it)).join();
    }

    for (TownNode node : town.nodes()) {
      Inspections inspections = new Inspections(node.router());
      List<String> listed = new ArrayList<>();
      inspections.list(
          new InvocationLister.Query("Plain", true, 1_000_000), row -> listed.add(row.id()));
      assertThat(listed).containsAll(asked);
      InvocationId first = InvocationId.parse(asked.getFirst());
      assertThat(Objects.requireNonNull(inspections.describe(first)).row().target())
          .isEqualTo("Plain/echo");
    }
  }

  @Test
  @Order(1)
  void everyNodeShowsWhatCountsForLimitsAndWhatUsesADeploymentOfAllPartitions() {
    NewInvocation first = town.services().make("stuck", "", "1");
    NewInvocation second = town.services().make("stuck", "", "2");
    TownNode node = follower(first);
    LimitRule one = new LimitRule(LimitPattern.parse("stuck"), 1);

    node.ask(it -> node.router().submit(first, it)).join();
    Town.await("one runs", () -> stuck(node).equals(List.of(new Usage(STUCK, 1, 0, null))));
    town.know(new LimitRules(1, List.of(one)));
    Town.await("the rule", () -> stuck(node).equals(List.of(new Usage(STUCK, 1, 0, one))));
    node.ask(it -> node.router().submit(second, it)).join();

    for (TownNode each : town.nodes()) {
      Inspections inspections = new Inspections(each.router());
      assertThat(stuck(each)).containsExactly(new Usage(STUCK, 1, 1, one));
      assertThat(inspections.uses("dp_sim", 0)).isPositive();
      assertThat(inspections.uses("dp_other", 0)).isZero();
    }
    // Whoever leads does not know that version yet: more may come to use it.
    assertThatThrownBy(() -> new Inspections(node.router()).uses("dp_sim", 1))
        .isInstanceOf(Refused.class);
    assertThat(new Inspections(node.router()).follow(0)).isTrue();
    assertThat(new Inspections(node.router()).follow(99)).as("rules nobody has made").isFalse();
    for (NewInvocation each : List.of(first, second)) {
      node.ask(it -> node.router().manage(new Command.Kill(each.id()), it)).join();
    }
    Town.await("nobody", () -> stuck(node).isEmpty());
  }

  private static List<Usage> stuck(TownNode node) {
    List<Usage> seen = new ArrayList<>();
    new LimitLevels(() -> RuleBook.EMPTY, node.router())
        .usage(row -> !row.level().equals(STUCK) || seen.add(row));
    return seen;
  }

  @Test
  @Order(1)
  void aCallBetweenPartitionsOfDifferentNodesIsAnswered() {
    for (int i = 0; i < 20; i++) {
      TownNode node = town.node(i % 3);
      assertThat(output(node.call(town.services().make("deep", "", "x" + i)).join()))
          .isEqualTo("<<x" + i + ">>");
    }
  }

  @Test
  @Order(1)
  void anAnswerOfManyMegabytesComesThrough() {
    String large = "x".repeat(5 << 20);
    NewInvocation asked = town.services().make("echo", "", large);

    assertThat(output(follower(asked).call(asked).join())).isEqualTo(large);
  }

  @Test
  @Order(1)
  void aNodeThatDoesNotLeadSaysWhoDoesAndDoesNothing() {
    NewInvocation asked = town.services().make("echo", "", "astray");
    TownNode leader = town.leaderOf(partitionOf(asked));
    TownNode follower = town.otherThan(leader);

    CompletableFuture<Reply> reply = new CompletableFuture<>();
    CompletableFuture<Object> named = new CompletableFuture<>();
    askOf(leader, follower, partitionOf(asked), new Question.Call(asked), reply, named);

    assertThat(reply.join()).isInstanceOf(Reply.NotDone.class);
    assertThat(named.join()).isEqualTo(leader.id().toString());
    assertThat(leader.ask(it -> leader.router().find(asked.id(), it)).join())
        .isEqualTo(new Answer.NotFound(asked.id()));
  }

  private static void askOf(
      TownNode asking,
      TownNode asked,
      int partition,
      Question question,
      CompletableFuture<Reply> reply,
      CompletableFuture<Object> leader) {
    reply.orTimeout(Town.DEADLINE_SECONDS, TimeUnit.SECONDS);
    asking.onLoop(
        partition,
        () ->
            asking
                .client()
                .ask(
                    asked.id(),
                    partition,
                    question,
                    (given, named) -> {
                      leader.complete(String.valueOf(named));
                      reply.complete(given);
                    }));
  }

  @Test
  @Order(1)
  void whoTakesAWaitBackIsForgottenAtTheOtherNode() {
    NewInvocation nap = town.services().make("nap", "taken back", "a nap");
    TownNode node = follower(nap);
    List<Answer> answers = new ArrayList<>();

    Loop.Cancellable wait = node.router().call(nap, answers::add);
    wait.cancel();

    assertThat(node.ask(it -> node.router().attach(nap.id(), it)).join()).isNotNull();
    assertThat(answers).isEmpty();
  }

  @Test
  @Order(2)
  void whileLeadersChangeAgainAndAgainEveryCallIsAnsweredOnceAndCountsOnce() throws Exception {
    Load load = new Load(town, 24, 3);
    load.start();
    for (int round = 0; round < 10; round++) {
      int partition = round % 2;
      int before = load.answered();
      town.leaderOf(partition).stepDown(partition);
      Town.await("calls are answered again", () -> load.answered() > before + 60);
    }
    load.stop();

    load.check();
  }

  @Test
  @Order(3)
  void aCallThatWaitsSurvivesItsLeaderAndSoDoesOneOfWhichNothingIsKept() {
    NewInvocation kept = town.services().make("nap", "long", "abcdef");
    NewInvocation unkept =
        ScriptedServices.with(town.services().make("deep", "", "unkept"), Retention.NONE);
    TownNode node = follower(kept);
    CompletableFuture<Answer> first = node.call(kept);
    CompletableFuture<Answer> second = node.call(unkept);

    town.leaderOf(partitionOf(kept)).stepDown(partitionOf(kept));

    assertThat(output(first.join())).isEqualTo("abcdef");
    assertThat(output(second.join())).isEqualTo("<<unkept>>");
  }

  @Test
  @Order(9)
  void whenALeaderDiesEveryCallIsAnsweredByTheNextOneAndCountsOnce() throws Exception {
    Load load = new Load(town, 24, 3);
    load.start();
    Town.await("calls are answered", () -> load.answered() > 100);

    TownNode dead = town.leaderOf((int) (InvocationIds.keyed("k0") >>> 63));
    load.leave(dead);
    dead.kill();
    int before = load.answered();
    long since = System.nanoTime();
    Town.await("calls are answered again", () -> load.answered() > before + 200);
    System.out.println(
        "200 calls were answered "
            + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since)
            + " ms after a leader died");
    load.stop();

    load.check();
  }
}
