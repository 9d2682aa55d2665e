package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Action;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.Snapshot;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.model.ObjectId;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.TablesView;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that one epoch of leadership holds: one object, dropped at once when the epoch ends.
 * All of it was read from the tables, or can be. Confined to the leader loop.
 */
final class Leader implements Invoker.Host {
  private static final Logger logger = LoggerFactory.getLogger(Leader.class);

  private final int self;
  private final long epoch;
  private final KeyValueStore store;
  private final TablesView tables;
  private final Loop loop;
  private final LongSupplier clockMillis;
  private final Proposer proposer;
  private final Callers callers;
  private final Runnable touch;
  private final Invoker invoker;
  private final Backlog backlog;
  private final TimerService timers;
  private final OutboxShipper outbox;
  private final Cleaner cleaner;
  private final LimitKeeper limits;
  private final StateChecks checks;

  /** What the partition has been told. */
  private int ruleVersion;

  /**
   * @param touch asks for a flush at the end of the loop's turn
   */
  Leader(
      int self,
      long epoch,
      LeaderLoop.Surroundings around,
      LongSupplier clockMillis,
      Proposer proposer,
      Callers callers,
      Runnable touch) {
    this.self = self;
    this.epoch = epoch;
    this.store = around.store();
    this.tables = new TablesView(store);
    this.loop = around.loop();
    this.clockMillis = clockMillis;
    this.proposer = proposer;
    this.callers = callers;
    this.touch = touch;
    PartitionSettings settings = around.settings();
    this.invoker = around.invokers().create(self, this);
    this.backlog = new Backlog(tables, invoker, loop);
    this.timers =
        new TimerService(tables, proposer, loop, clockMillis, touch, settings.timersInMemory());
    this.outbox = new OutboxShipper(self, tables, proposer, around.deliveries(), loop, touch);
    this.cleaner =
        new Cleaner(tables, proposer, loop, clockMillis, touch, settings.cleanupInterval());
    this.limits = new LimitKeeper(tables, proposer, loop, touch);
    this.checks = new StateChecks(around.hashes(), proposer, loop, touch, settings.checkInterval());
  }

  /**
   * Reads all open work from the tables.
   *
   * @param rules the newest rules for limits that this node knows
   * @param wanted the version of rules that the cluster follows
   */
  void recover(LimitRules rules, int wanted) {
    timers.recover();
    outbox.recover();
    backlog.fill();
    cleaner.start();
    limits.recover();
    limits.know(rules);
    ruleVersion = TablesView.applied(store).ruleVersion();
    raise(wanted);
    checks.start();
  }

  /** One of this epoch's entries took effect: answers first, then what is to be done. */
  void applied(AppliedEntry entry) {
    if (!proposer.applied(entry)) {
      return;
    }
    for (Action action : entry.actions()) {
      perform(action);
    }
  }

  private void perform(Action action) {
    switch (action) {
      case Action.StartAttempt start -> backlog.run(start.invocation(), start.input());
      case Action.NotifyAttempt notify ->
          invoker.notify(notify.id(), notify.incarnation(), notify.index(), notify.notification());
      case Action.ScheduleTimer schedule -> timers.add(schedule.timer());
      case Action.ShipOutbox ship -> outbox.added(ship.receiver(), ship.sequence());
      case Action.FillLimits fill -> limits.fill(fill.level());
      case Action.AbortAttempt abort -> invoker.abort(abort.id(), abort.incarnation());
      case Action.PauseAttempt pause -> invoker.pause(pause.id(), pause.incarnation());
      case Action.HurryAttempt hurry -> invoker.hurry(hurry.id(), hurry.incarnation());
      case Action.Announce announce -> callers.ended(announce.completed(), false);
    }
  }

  /** There are rules for limits, perhaps newer ones. */
  void know(LimitRules rules) {
    limits.know(rules);
  }

  /** The cluster follows this version of the rules: the partition is told, once. */
  void raise(int wanted) {
    if (wanted > ruleVersion) {
      ruleVersion = wanted;
      proposer.finish(
          new Command.RaiseRules(wanted),
          result ->
              logger.info("partition {} follows rules of version {}: {}", self, wanted, result));
      touch.run();
    }
  }

  /** The end of a turn: what gathered leaves. */
  void flush() {
    proposer.flush();
    invoker.flush();
  }

  Proposer proposer() {
    return proposer;
  }

  Invoker invoker() {
    return invoker;
  }

  /** Drops all work; returns what was asked and never answered. */
  List<Proposer.Unanswered> close() {
    timers.close();
    outbox.close();
    cleaner.close();
    limits.close();
    checks.close();
    backlog.close();
    invoker.close();
    return proposer.drain();
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public long nowMillis() {
    return clockMillis.getAsLong();
  }

  @Override
  public void propose(Command.AttemptSaid said, Consumer<Result> answer) {
    proposer.finish(said, answer);
    touch.run();
  }

  @Override
  public boolean outboxHasRoom(int receiver) {
    return outbox.hasRoom(receiver);
  }

  @Override
  public @Nullable Replay replay(InvocationId id, long incarnation) {
    Snapshot snapshot = store.snapshot();
    Invocation invocation = new TablesView(snapshot).invocation(id);
    if (invocation == null
        || invocation.incarnation() != incarnation
        || !(invocation.status() instanceof Status.Invoked)) {
      snapshot.close();
      return null;
    }
    return new ReplayReader(snapshot, invocation);
  }

  @Override
  public Replay.State state(ObjectId object, long limitBytes) {
    return ReplayReader.stateOf(tables, object, limitBytes);
  }

  @Override
  public void roomAgain() {
    backlog.fill();
  }
}
