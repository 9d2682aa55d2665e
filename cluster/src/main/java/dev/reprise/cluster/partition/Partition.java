package dev.reprise.cluster.partition;

import dev.reprise.cluster.checkpoint.KeptReplica;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.PartitionStateMachine;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.Applied;
import dev.reprise.storage.table.TablesView;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One replica of one partition, put together: store, rules, log and leader. Any thread.
 *
 * <p>Longer than most: each question of a front door is one short method here, and they share how
 * they cross to the loop and how a result becomes an answer.
 */
public final class Partition implements KeptReplica {
  private final int number;
  private final KeyValueStore store;
  private final Loop loop;
  private final LeaderLoop leader;
  private final ReplicatedLog log;
  private final PartitionCounters counters;
  private final Operations operations;
  private final LogPosition foundAtStart;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  /**
   * Opens the replica and lets it take part.
   *
   * @param store closed by the caller, after this partition
   * @param opener opens the log for the replica it is given
   */
  public static Partition open(
      int number,
      KeyValueStore store,
      Function<Replica, ReplicatedLog> opener,
      Environment environment) {
    return open(number, store, opener, environment, new PartitionStateMachine(number)::apply);
  }

  /** With other rules, for a simulation that is to find out. */
  static Partition open(
      int number,
      KeyValueStore store,
      Function<Replica, ReplicatedLog> opener,
      Environment environment,
      PartitionProcessor.Rules rules) {
    return new Partition(number, store, opener, environment, rules);
  }

  /** What a node gives to each of its partitions. */
  public record Environment(
      Loop loop,
      PartitionSettings settings,
      InvokerFactory invokers,
      Deliveries deliveries,
      Executor background,
      InstantSource wall,
      LongSupplier nanos) {}

  private Partition(
      int number,
      KeyValueStore store,
      Function<Replica, ReplicatedLog> opener,
      Environment environment,
      PartitionProcessor.Rules rules) {
    this.number = number;
    this.store = store;
    this.loop = environment.loop();
    this.counters = new PartitionCounters();
    this.leader =
        new LeaderLoop(
            number,
            new LeaderLoop.Surroundings(
                store,
                environment.loop(),
                environment.settings(),
                environment.invokers(),
                environment.deliveries(),
                environment.wall(),
                environment.nanos()),
            counters,
            failure::complete);
    this.operations = new Operations(this, leader.requests());
    Applied applied = TablesView.applied(store);
    this.foundAtStart = new LogPosition(applied.term(), applied.index());
    long flushBytes = environment.settings().flushBytes();
    Flusher flusher = new Flusher(store, foundAtStart, flushBytes, environment.background());
    this.log = opener.apply(new PartitionProcessor(rules, store, flusher, leader));
    leader.attach(log);
  }

  public int number() {
    return number;
  }

  public PartitionCounters counters() {
    return counters;
  }

  /**
   * Completes, with why, when the log or the store cannot go on: this replica serves nothing until
   * it is closed and opened again.
   */
  @Override
  public CompletableFuture<Throwable> failure() {
    return failure.copy();
  }

  @Override
  public long index() {
    return TablesView.applied(store).index();
  }

  @Override
  public void checkpoint(Path directory) {
    store.checkpoint(directory);
  }

  /** Log entries that were told again since the partition was opened. */
  public long replayed() {
    return Math.max(0, TablesView.applied(store).index() - foundAtStart.index());
  }

  /** Committed rows, for whoever looks on. */
  public TablesView tables() {
    return new TablesView(store);
  }

  /** What clients ask for besides new invocations and their outcomes. */
  Operations operations() {
    return operations;
  }

  /** Runs the task on the loop, at once when it is there already. */
  void onLoop(Runnable task) {
    if (loop.inLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  /** Answers on the loop whether this replica leads. */
  public void leads(Consumer<Boolean> answer) {
    loop.execute(() -> answer.accept(leader.leads()));
  }

  /** Answers on the loop what the invocation does at this moment; null when nothing is known. */
  public void activity(InvocationId id, Consumer<Invoker.@Nullable Activity> answer) {
    loop.execute(
        () -> {
          Invoker invoker = leader.invoker();
          answer.accept(invoker == null ? null : invoker.activity(id));
        });
  }

  void submit(NewInvocation asked, Consumer<Ingress.Answer> answer) {
    onLoop(
        () ->
            leader
                .requests()
                .admit(
                    new Command.Invoke(asked), result -> answer.accept(accepted(asked, result))));
  }

  private static Ingress.Answer accepted(NewInvocation asked, Result result) {
    return switch (result) {
      case Result.Open open ->
          new Ingress.Answer.Accepted(
              asked.id(), open.created(), startsAt(open.invocation().status()));
      case Result.Ended ended -> new Ingress.Answer.Accepted(asked.id(), ended.sameRequest(), 0);
      case Result.Rejected rejected -> new Ingress.Answer.Unavailable(rejected.reason());
      case Result.Faulted faulted -> new Ingress.Answer.OutcomeUnknown(faulted.reason());
      case Result.Stale stale ->
          new Ingress.Answer.OutcomeUnknown("the leader changed before the answer was known");
      case Result.Done done -> unexpected(result);
      case Result.Requested requested -> unexpected(result);
      case Result.Gap gap -> unexpected(result);
      case Result.Delivered delivered -> unexpected(result);
    };
  }

  static Ingress.Answer unexpected(Result result) {
    return new Ingress.Answer.OutcomeUnknown("the log answered " + result);
  }

  private static long startsAt(Status status) {
    return status instanceof Status.Scheduled scheduled ? scheduled.atMillis() : 0;
  }

  /** A call under way; taken back, it waits for nothing. Confined to the loop. */
  private final class Call {
    private final NewInvocation asked;
    private final Consumer<Ingress.Answer> answer;
    private boolean takenBack;

    Call(NewInvocation asked, Consumer<Ingress.Answer> answer) {
      this.asked = asked;
      this.answer = answer;
    }

    void answered(Result result) {
      if (takenBack) {
        return;
      }
      switch (result) {
        case Result.Open open -> accepted(open);
        case Result.Ended ended ->
            answer.accept(outcome(asked, ended.completed(), ended.sameRequest()));
        default -> answer.accept(Partition.accepted(asked, result));
      }
    }

    private void accepted(Result.Open open) {
      if (asked.target().kind() == HandlerKind.WORKFLOW_RUN && !open.created()) {
        answer.accept(new Ingress.Answer.AlreadyInvoked(asked.id()));
      } else {
        leader.callers().await(asked.id(), open.invocation().incarnation(), answer);
      }
    }

    void takeBack() {
      takenBack = true;
      leader.callers().forget(asked.id(), answer);
    }
  }

  Loop.Cancellable call(NewInvocation asked, Consumer<Ingress.Answer> answer) {
    Call call = new Call(asked, answer);
    onLoop(() -> leader.requests().admit(new Command.Invoke(asked), call::answered));
    return () -> onLoop(call::takeBack);
  }

  private static Ingress.Answer outcome(
      NewInvocation asked, Completed completed, boolean sameRequest) {
    return asked.target().kind() == HandlerKind.WORKFLOW_RUN && !sameRequest
        ? new Ingress.Answer.AlreadyInvoked(asked.id())
        : new Ingress.Answer.Ended(completed, !sameRequest);
  }

  Loop.Cancellable attach(InvocationId id, Consumer<Ingress.Answer> answer) {
    Attachment attachment = new Attachment(id, answer);
    look(id, attachment::answer, attachment::await);
    return () -> onLoop(attachment::takeBack);
  }

  /** An attachment under way; taken back, it waits for nothing. Confined to the loop. */
  private final class Attachment {
    private final InvocationId id;
    private final Consumer<Ingress.Answer> answer;
    private boolean takenBack;

    Attachment(InvocationId id, Consumer<Ingress.Answer> answer) {
      this.id = id;
      this.answer = answer;
    }

    void answer(Ingress.Answer given) {
      if (!takenBack) {
        answer.accept(given);
      }
    }

    void await(Invocation open) {
      if (!takenBack) {
        leader.callers().await(id, open.incarnation(), answer);
      }
    }

    void takeBack() {
      takenBack = true;
      leader.callers().forget(id, answer);
    }
  }

  void output(InvocationId id, Consumer<Ingress.Answer> answer) {
    look(id, answer, open -> answer.accept(new Ingress.Answer.NotReady(id)));
  }

  /**
   * An outcome never changes and is answered at once. Everything else is current only behind a mark
   * that went through the log.
   */
  private void look(
      InvocationId id, Consumer<Ingress.Answer> answer, Consumer<Invocation> whenOpen) {
    onLoop(
        () -> {
          Completed early = tables().completed(id);
          if (early != null) {
            answer.accept(new Ingress.Answer.Ended(early, true));
            return;
          }
          leader
              .requests()
              .admit(new Command.Mark(), result -> marked(id, result, answer, whenOpen));
        });
  }

  private void marked(
      InvocationId id,
      Result result,
      Consumer<Ingress.Answer> answer,
      Consumer<Invocation> whenOpen) {
    if (!(result instanceof Result.Done)) {
      String reason =
          result instanceof Result.Rejected rejected
              ? rejected.reason()
              : "the leader changed before the answer was known";
      answer.accept(new Ingress.Answer.Unavailable(reason));
      return;
    }
    // In this order: what is open now and ends later will be announced to us later.
    Invocation open = tables().invocation(id);
    if (open != null) {
      whenOpen.accept(open);
      return;
    }
    Completed completed = tables().completed(id);
    answer.accept(
        completed == null
            ? new Ingress.Answer.NotFound(id)
            : new Ingress.Answer.Ended(completed, true));
  }

  void deliver(Command.Deliver messages, Consumer<@Nullable Result> answer) {
    onLoop(() -> leader.deliver(messages, answer));
  }

  /** Stops taking part; what was acknowledged is in the log. Waits for nothing. */
  @Override
  public void close() {
    // The leader first: what it proposes to a log that closes would look like a failure.
    loop.execute(leader::close);
    log.close();
  }
}
