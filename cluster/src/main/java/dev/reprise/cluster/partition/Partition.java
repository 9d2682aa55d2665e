package dev.reprise.cluster.partition;

import dev.reprise.cluster.checkpoint.KeptReplica;
import dev.reprise.cluster.checkpoint.Witness;
import dev.reprise.cluster.engine.PartitionStateMachine;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogPosition;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitRules;
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

/** One replica of one partition, put together: store, rules, log and leader. Any thread. */
public final class Partition implements KeptReplica {
  private final int number;
  private final KeyValueStore store;
  private final Loop loop;
  private final LeaderLoop leader;
  private final ReplicatedLog log;
  private final PartitionCounters counters;
  private final Questions questions;
  private final StateHashes hashes;
  private final Flusher flusher;
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
    Applied applied = TablesView.applied(store);
    this.foundAtStart = new LogPosition(applied.term(), applied.index());
    this.hashes = new StateHashes(LogId.partition(number), applied.index(), applied.hash());
    this.leader =
        new LeaderLoop(
            number,
            new LeaderLoop.Surroundings(
                store,
                environment.loop(),
                environment.settings(),
                environment.invokers(),
                environment.deliveries(),
                hashes,
                environment.wall(),
                environment.nanos()),
            counters,
            failure::complete);
    this.questions = new Questions(leader, new TablesView(store));
    long flushBytes = environment.settings().flushBytes();
    this.flusher = new Flusher(store, foundAtStart, flushBytes, environment.background());
    StateHashes compared = environment.settings().compares() ? hashes : null;
    this.log = opener.apply(new PartitionProcessor(rules, store, flusher, compared, leader));
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

  /**
   * Makes what is applied durable without the log. Blocks on disk.
   *
   * @return the index of the newest entry that is
   * @throws dev.reprise.storage.kv.StorageException if the store cannot write
   */
  public long flush() {
    return flusher.flushNow().index();
  }

  @Override
  public void checkpoint(Path directory) {
    store.checkpoint(directory);
  }

  @Override
  public Witness witness() {
    return hashes;
  }

  /** Log entries that were told again since the partition was opened. */
  public long replayed() {
    return Math.max(0, TablesView.applied(store).index() - foundAtStart.index());
  }

  /** Committed rows, for whoever looks on. */
  public TablesView tables() {
    return new TablesView(store);
  }

  /** Whether this replica leads, and has taken up its work. On the loop. */
  public boolean leadsNow() {
    return leader.leads();
  }

  /**
   * Asks this replica. On the loop; the reply comes there, once, perhaps before this returns.
   *
   * @return takes the waiting back; what was asked for goes on
   */
  public Loop.Cancellable ask(Question question, Consumer<Reply> reply) {
    return questions.ask(question, reply);
  }

  /**
   * From now on this is told, on the loop, whenever this replica has begun to lead. On the loop.
   */
  public void whenLeading(Runnable told) {
    leader.whenLeading(told);
  }

  /** This node knows these rules for limits: what they say is told to the partition's rules. */
  public void know(LimitRules rules) {
    loop.execute(() -> leader.know(rules));
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

  /** Stops taking part; what was acknowledged is in the log. Waits for nothing. */
  @Override
  public void close() {
    // The leader first: what it proposes to a log that closes would look like a failure.
    loop.execute(leader::close);
    log.close();
  }
}
