package dev.reprise.server.internode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result.Rejection;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Inspection;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.cluster.simulation.ScriptedServices;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Creation;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.LimitPattern;
import dev.reprise.storage.model.LimitRule;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Progress;
import dev.reprise.storage.model.StateEntry;
import dev.reprise.storage.model.Status;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every question and every reply comes over the wire as it was. */
@Timeout(60)
final class MessagesTest {
  private static final NewInvocation MADE =
      new ScriptedServices(new KeyRanges(1), 1).make("add", "k", "x");
  private static final InvocationId ID = MADE.id();
  private static final ObjectId OBJECT = new ObjectId("Counter", "k", "s");
  private static final LimitLevel LEVEL = new LimitLevel("s", "a", "");
  private static final Outcome DONE = new Outcome.Success(Bytes.utf8("7"));

  static Stream<Question> questions() {
    return Stream.of(
        new Question.Submit(MADE),
        new Question.Call(MADE),
        new Question.Attach(ID),
        new Question.Output(ID),
        new Question.Find(ID),
        new Question.Peek(OBJECT, "approved"),
        new Question.State(OBJECT, 77),
        new Question.Page(true, "Counter", ID, 12),
        new Question.Page(false, "", null, 12),
        new Question.Levels(LEVEL, 12, 7),
        new Question.Levels(null, 12, 0),
        new Question.Uses("dp_1", 1L << 40, ID),
        new Question.Uses("dp_1", 0, null),
        new Question.Describe(ID),
        new Question.Change(new Command.Kill(ID, 3)),
        new Question.Deliver(new Command.Deliver(1, 5, List.of(new OutboxMessage.Create(MADE)))));
  }

  @ParameterizedTest
  @MethodSource("questions")
  void aQuestionArrivesAsItWasAsked(Question question) throws Exception {
    byte[] bytes = QuestionMessages.write(9, 4, question).toByteArray();
    var message = dev.reprise.api.internode.v1.Question.parseFrom(bytes);

    assertThat(message.getId()).isEqualTo(9);
    assertThat(message.getPartition()).isEqualTo(4);
    assertThat(QuestionMessages.read(message)).isEqualTo(question);
  }

  private static Creation creation() {
    return new Creation(
        3, MADE.requestHigh(), MADE.requestLow(), 5, "ik", MADE.retention(), MADE.randomSeed());
  }

  private static List<Inspection.Level> levels() {
    LimitRule most = new LimitRule(LimitPattern.parse("s/*"), LimitRule.MAX_CONCURRENCY);
    return List.of(
        new Inspection.Level(LEVEL, 1, 2, most),
        new Inspection.Level(LEVEL, 0, 7, new LimitRule(LimitPattern.parse("s"), 0)),
        new Inspection.Level(LEVEL, 3, 0, null));
  }

  static Stream<Reply> replies() {
    Inspection.Listed listed =
        new Inspection.Listed(ID, "Counter/k/add", "running", 1, 2, 3, "dp_1", "nothing", "s", "l");
    Invocation open =
        new Invocation(ID, MADE.target(), creation(), Status.INVOKED, Progress.of(5), List.of());
    Completed completed = new Completed(ID, MADE.target(), creation(), DONE, 2, 9, null);
    Stream<Reply> answered =
        Stream.<Answer>of(
                new Answer.Done(),
                new Answer.Requested(),
                new Answer.Refused(Rejection.DECIDED, "decided"),
                new Answer.Open(open),
                new Answer.Peeked(null),
                new Answer.Peeked(DONE),
                new Answer.State(List.of(new StateEntry(Bytes.utf8("a"), Bytes.utf8("b"))), false),
                new Answer.Accepted(ID, true, 99),
                new Answer.Ended(completed, true),
                new Answer.AlreadyInvoked(ID),
                new Answer.NotFound(ID),
                new Answer.NotReady(ID),
                new Answer.NotRetained(ID),
                new Answer.Unavailable("full"),
                new Answer.OutcomeUnknown("gone"),
                new Answer.Page(List.of(listed), new Inspection.Next(ID)),
                new Answer.Page(List.of(), Inspection.Next.NONE),
                new Answer.Levels(levels(), LEVEL),
                new Answer.Levels(List.of(), null),
                new Answer.Uses(1, 2, new Inspection.Next(ID)),
                new Answer.Uses(0, 0, Inspection.Next.NONE),
                new Answer.Described(listed, "ik", 6, List.of(new Inspection.Entry(1024, 5)), null),
                new Answer.Described(
                    listed, "", 0, List.of(), new Inspection.End(4, true, 409, "no", 6, 5)))
            .map(Reply.Answered::new);
    return Stream.concat(
        answered,
        Stream.of(
            new Reply.Delivered(12), new Reply.NotDone("not here"), new Reply.Unknown("lost")));
  }

  @ParameterizedTest
  @MethodSource("replies")
  void aReplyArrivesAsItWasGiven(Reply reply) throws Exception {
    byte[] bytes = ReplyMessages.write(9, reply, new NodeId(2)).toByteArray();
    var message = dev.reprise.api.internode.v1.Reply.parseFrom(bytes);

    assertThat(ReplyMessages.read(message)).isEqualTo(reply);
    assertThat(ReplyMessages.leader(message))
        .isEqualTo(reply instanceof Reply.NotDone ? new NodeId(2) : null);
  }
}
