package dev.reprise.cluster.forwarding;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.partition.Deliveries;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.partition.Inspection;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.cluster.partition.Question;
import dev.reprise.cluster.partition.Reply;
import dev.reprise.cluster.routing.InvocationIds;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.StatePatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings requests and messages to the leader of the partition that they are for, on this node or on
 * another, through changes of leaders. Any thread.
 */
public final class PartitionRouter implements Ingress, Inspection, Deliveries, AutoCloseable {
  private final KeyRanges ranges;
  private final Surroundings around;
  private final List<Route> routes = new ArrayList<>();
  private final Membership.Subscription hints;

  /**
   * What surrounds a router.
   *
   * @param loops the loop of each partition, whether it is here or not
   * @param nanos a clock that never runs backwards
   * @param answerTimeout how long a request waits for a leader before it is refused
   * @param refusal why this node takes no new work at present; null when it does. Asked for each
   *     new invocation that it leads; must not block
   */
  public record Surroundings(
      IntFunction<? extends Loop> loops,
      LongSupplier nanos,
      Duration answerTimeout,
      Membership membership,
      OtherNodes others,
      Supplier<@Nullable String> refusal) {
    /** A node without others that always takes new work. */
    public static Surroundings alone(
        IntFunction<? extends Loop> loops, LongSupplier nanos, Duration answerTimeout) {
      return alone(loops, nanos, answerTimeout, () -> null);
    }

    /** A node without others. */
    public static Surroundings alone(
        IntFunction<? extends Loop> loops,
        LongSupplier nanos,
        Duration answerTimeout,
        Supplier<@Nullable String> refusal) {
      return new Surroundings(loops, nanos, answerTimeout, new Alone(), OtherNodes.NONE, refusal);
    }
  }

  /** A router of no partitions yet. */
  public PartitionRouter(KeyRanges ranges, Surroundings around) {
    this.ranges = ranges;
    this.around = around;
    for (int number = 0; number < ranges.partitions(); number++) {
      routes.add(new Route(number, around));
    }
    this.hints =
        around.membership().onChange(() -> routes.forEach(it -> it.onLoop(it::hintChanged)));
  }

  /** From now on these partitions are here. */
  public void open(List<Partition> opened) {
    opened.forEach(this::open);
  }

  /** From now on this partition is here. */
  public void open(Partition opened) {
    Route route = routes.get(opened.number());
    route.onLoop(() -> route.open(opened));
  }

  /** From now on this partition is not here. */
  public void close(int number) {
    Route route = routes.get(number);
    route.onLoop(() -> route.open(null));
  }

  /**
   * Another node asks this one, and looks further itself if this one does not lead.
   *
   * @param reply told once, on the partition's loop
   * @return takes the waiting back; any thread
   */
  public Loop.Cancellable serve(int partition, Question question, OtherNodes.Heard reply) {
    if (partition < 0 || partition >= routes.size()) {
      reply.hear(
          new Reply.NotDone(
              "Expected a partition below " + routes.size() + ", but got " + partition),
          null);
      return () -> {};
    }
    return routes.get(partition).serve(question, reply);
  }

  private Loop.Cancellable ask(long partitionKey, Question question, Consumer<Answer> answer) {
    int partition = ranges.partitionOf(partitionKey);
    return askLeader(partition, question, reply -> answer.accept(answer(reply)));
  }

  private Loop.Cancellable askLeader(int partition, Question question, Consumer<Reply> told) {
    Route route = routes.get(partition);
    Asking asking = new Asking(route, question, told);
    route.onLoop(asking::go);
    return () -> route.onLoop(asking::takeBack);
  }

  private static Answer answer(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered -> answered.answer();
      case Reply.NotDone notDone -> new Answer.Unavailable(notDone.reason());
      case Reply.Unknown unknown -> new Answer.OutcomeUnknown(unknown.reason());
      case Reply.Delivered delivered -> new Answer.OutcomeUnknown("the partition said " + reply);
    };
  }

  /**
   * Where leaders may change, a request must be known again when it is asked twice. What has no
   * name can only be found by who asked for it, so that nobody else sees that it is kept.
   */
  private NewInvocation remembered(NewInvocation asked) {
    boolean named =
        !asked.idempotencyKey().isEmpty() || asked.target().kind() == HandlerKind.WORKFLOW_RUN;
    long millis = Route.memoryMillis(around.answerTimeout());
    return named
            || asked.retention().completionMillis() >= millis
            || around.membership().view().members().size() < 2
        ? asked
        : asked.keptFor(millis);
  }

  @Override
  public void submit(NewInvocation invocation, Consumer<Answer> answer) {
    ask(invocation.id().partitionKey(), new Question.Submit(remembered(invocation)), answer);
  }

  @Override
  public Loop.Cancellable call(NewInvocation invocation, Consumer<Answer> answer) {
    return ask(invocation.id().partitionKey(), new Question.Call(remembered(invocation)), answer);
  }

  @Override
  public Loop.Cancellable attach(InvocationId id, Consumer<Answer> answer) {
    return ask(id.partitionKey(), new Question.Attach(id), answer);
  }

  @Override
  public void output(InvocationId id, Consumer<Answer> answer) {
    ask(id.partitionKey(), new Question.Output(id), answer);
  }

  @Override
  public void find(InvocationId id, Consumer<Answer> answer) {
    ask(id.partitionKey(), new Question.Find(id), answer);
  }

  @Override
  public void signal(
      InvocationId target, Signal signal, RequestId request, Consumer<Answer> answer) {
    change(target.partitionKey(), new Command.SendSignal(target, signal, request), answer);
  }

  @Override
  public void completePromise(
      ObjectId workflow, String key, Outcome outcome, RequestId request, Consumer<Answer> answer) {
    change(
        InvocationIds.of(workflow),
        new Command.CompletePromise(workflow, key, outcome, request),
        answer);
  }

  @Override
  public void peekPromise(ObjectId workflow, String key, Consumer<Answer> answer) {
    ask(InvocationIds.of(workflow), new Question.Peek(workflow, key), answer);
  }

  @Override
  public void manage(Command.Operation operation, Consumer<Answer> answer) {
    Command command =
        operation instanceof Command.Kill kill
            ? new Command.Kill(kill.id(), ranges.partitions())
            : operation;
    change(operation.id().partitionKey(), command, answer);
  }

  @Override
  public void state(ObjectId object, long limitBytes, Consumer<Answer> answer) {
    ask(InvocationIds.of(object), new Question.State(object, limitBytes), answer);
  }

  @Override
  public void patchState(ObjectId object, StatePatch patch, Consumer<Answer> answer) {
    change(InvocationIds.of(object), new Command.PatchState(object, patch), answer);
  }

  private void change(long partitionKey, Command command, Consumer<Answer> answer) {
    ask(partitionKey, new Question.Change(command), answer);
  }

  @Override
  public int partitions() {
    return ranges.partitions();
  }

  @Override
  public void look(int partition, Question.Look look, Consumer<Answer> answer) {
    askLeader(partition, look, reply -> answer.accept(answer(reply)));
  }

  @Override
  public void describe(InvocationId id, Consumer<Answer> answer) {
    ask(id.partitionKey(), new Question.Describe(id), answer);
  }

  @Override
  public void deliver(int receiver, Command.Deliver messages, Consumer<@Nullable Result> answer) {
    if (receiver >= routes.size()) {
      answer.accept(null);
      return;
    }
    askLeader(
        receiver,
        new Question.Deliver(messages),
        reply ->
            answer.accept(
                reply instanceof Reply.Delivered delivered
                    ? new Result.Delivered(delivered.throughSequence())
                    : null));
  }

  /** Tells everybody who waits that this node stops; nothing is asked from here any more. */
  @Override
  public void close() {
    hints.close();
    routes.forEach(route -> route.onLoop(route::close));
  }
}
