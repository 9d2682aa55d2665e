package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.table.TablesView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's side of one replica: its role, and the requests of the front doors. Confined to its
 * {@link Loop}, but for what implements {@link PartitionProcessor.Leadership}, which only hands
 * over.
 */
final class LeaderLoop implements PartitionProcessor.Leadership {
  private static final Logger logger = LoggerFactory.getLogger(LeaderLoop.class);
  private static final int PARKED = 16_384;

  /** What surrounds a leader and outlives it. */
  record Surroundings(
      KeyValueStore store,
      Loop loop,
      PartitionSettings settings,
      InvokerFactory invokers,
      Deliveries deliveries,
      InstantSource wall,
      LongSupplier nanos) {}

  private sealed interface Role {
    /** Does not lead. */
    record Follower() implements Role {}

    /** Leads in Raft's eyes; the announcement is on its way through the log. */
    record Announcing(long term, Proposer proposer, LeaderClock clock) implements Role {}

    /** Leads. */
    record Leading(long term, Leader leader) implements Role {}
  }

  private record Parked(long deadlineNanos, Runnable retry, Runnable refuse) {}

  private final int partition;
  private final Surroundings around;
  private final PartitionCounters counters;
  private final Callers callers = new Callers();
  private final Deque<Parked> parked = new ArrayDeque<>();
  private volatile boolean interested;
  private @Nullable ReplicatedLog log;
  private Role role = new Role.Follower();
  private long readyTerm;
  private boolean flushScheduled;
  private boolean closed;

  LeaderLoop(int partition, Surroundings around, PartitionCounters counters) {
    this.partition = partition;
    this.around = around;
    this.counters = counters;
  }

  /** The log is open; until now it could not be written to. */
  void attach(ReplicatedLog opened) {
    around
        .loop()
        .execute(
            () -> {
              log = opened;
              if (readyTerm > 0) {
                announce(readyTerm);
              }
            });
  }

  // ---- from the log, any thread ----

  @Override
  public void ready(long term) {
    interested = true;
    around.loop().execute(() -> announce(term));
  }

  @Override
  public void lost() {
    interested = false;
    around.loop().execute(() -> follow("leadership lost"));
  }

  @Override
  public void failed(Throwable cause) {
    around.loop().execute(() -> epochFailed(cause));
  }

  @Override
  public boolean interested() {
    return interested;
  }

  @Override
  public void applied(AppliedEntry entry) {
    around.loop().execute(() -> take(entry));
  }

  // ---- roles ----

  private void announce(long term) {
    if (log == null || closed) {
      readyTerm = term;
      return;
    }
    readyTerm = term;
    endEpoch();
    LeaderClock clock = new LeaderClock(around.wall(), around.nanos());
    Proposer proposer = new Proposer(log, term, 0, 1, clock, counters);
    role = new Role.Announcing(term, proposer, clock);
    proposer.finish(new Command.AnnounceLeader(around.settings().node()), result -> {});
    proposer.flush();
  }

  private void take(AppliedEntry entry) {
    switch (role) {
      case Role.Follower follower -> {}
      case Role.Announcing announcing -> {
        if (entry.epoch() == 0) {
          lead(announcing, entry.index());
        }
      }
      case Role.Leading leading -> {
        if (entry.epoch() == leading.leader().epoch()) {
          leading.leader().applied(entry);
          leading.leader().flush();
        } else if (entry.epoch() == 0) {
          // Somebody else's announcement, or an old one of ours, came after ours: our epoch is
          // over.
          announce(leading.term());
        }
      }
    }
  }

  private void lead(Role.Announcing announcing, long epoch) {
    if (log == null) {
      throw new IllegalStateException("Expected an open log, but there is none");
    }
    Proposer proposer =
        new Proposer(
            log,
            announcing.term(),
            epoch,
            around.settings().window(),
            announcing.clock(),
            counters);
    Leader leader =
        new Leader(partition, epoch, around, announcing.clock(), proposer, callers, this::touch);
    role = new Role.Leading(announcing.term(), leader);
    counters.led();
    leader.recover();
    lookAfterCallers();
    while (!parked.isEmpty()) {
      parked.poll().retry().run();
    }
    leader.flush();
    logger.debug("partition {} leads in epoch {}", partition, epoch);
  }

  /** An outcome may have been decided while nobody here led. */
  private void lookAfterCallers() {
    TablesView tables = new TablesView(around.store());
    for (InvocationId id : callers.ids()) {
      if (tables.invocation(id) == null) {
        Completed completed = tables.completed(id);
        if (completed != null) {
          callers.ended(completed, false);
        } else {
          callers.lost(id, new Ingress.Answer.NotFound(id));
        }
      }
    }
  }

  private void follow(String why) {
    if (!(role instanceof Role.Follower)) {
      logger.info("partition {} does not lead any more: {}", partition, why);
    }
    endEpoch();
    role = new Role.Follower();
  }

  /** A proposal's fate is unknown: nothing more in this epoch. Announce again, if we still lead. */
  private void epochFailed(Throwable cause) {
    if (role instanceof Role.Follower) {
      return;
    }
    logger.warn("partition {} ends its epoch: {}", partition, cause.toString());
    long term = readyTerm;
    follow("a proposal failed");
    around
        .loop()
        .schedule(
            Duration.ofMillis(100),
            () -> {
              if (role instanceof Role.Follower && interested && readyTerm == term) {
                announce(term);
              }
            });
  }

  private void endEpoch() {
    if (role instanceof Role.Leading leading) {
      role = new Role.Follower();
      for (Proposer.Unanswered rest : leading.leader().close()) {
        again(rest);
      }
    }
  }

  /**
   * Requests that name themselves are asked again in the next epoch: their invocation remembers who
   * made it. A message of another partition is its sender's to send again. What attempts said is
   * lost with them, and their next ones say it again.
   */
  private void again(Proposer.Unanswered rest) {
    switch (rest.command()) {
      case Command.Invoke invoke -> admit(invoke, rest.answer());
      case Command.Mark mark -> admit(mark, rest.answer());
      case Command.Resume resume -> admit(resume, rest.answer());
      case Command.Deliver deliver -> rest.answer().accept(Result.STALE);
      case Command.AttemptSaid said -> {}
      case Command.FireTimers fire -> {}
      case Command.TruncateOutbox truncate -> {}
      case Command.PurgeExpired purge -> {}
      case Command.AnnounceLeader announce -> {}
    }
  }

  void close() {
    closed = true;
    interested = false;
    follow("closed");
    while (!parked.isEmpty()) {
      parked.poll().refuse().run();
    }
  }

  // ---- requests, on the loop ----

  /**
   * Proposes a command that admits work, now or as soon as there is a leader here.
   *
   * @param answer rejected as {@code REFUSED} when it was not even proposed
   */
  void admit(Command command, Consumer<Result> answer) {
    if (role instanceof Role.Leading leading) {
      if (leading.leader().proposer().admit(command, answer)) {
        touch();
      } else {
        answer.accept(refused("too many requests wait for partition " + partition));
      }
      return;
    }
    park(
        () -> admit(command, answer),
        () -> answer.accept(refused("partition " + partition + " has no leader")));
  }

  private static Result refused(String reason) {
    return new Result.Rejected(Result.Rejection.REFUSED, reason);
  }

  /** Takes messages of another partition; answered with stale when this is not the place. */
  void deliver(Command.Deliver messages, Consumer<Result> answer) {
    if (role instanceof Role.Leading leading) {
      leading.leader().proposer().finish(messages, answer);
      touch();
    } else {
      answer.accept(Result.STALE);
    }
  }

  private void park(Runnable retry, Runnable refuse) {
    if (closed || parked.size() >= PARKED) {
      refuse.run();
      return;
    }
    long timeout = around.settings().answerTimeout().toNanos();
    if (parked.isEmpty()) {
      around.loop().schedule(around.settings().answerTimeout(), this::refuseLate);
    }
    parked.add(new Parked(around.nanos().getAsLong() + timeout, retry, refuse));
  }

  private void refuseLate() {
    long now = around.nanos().getAsLong();
    while (!parked.isEmpty() && parked.peek().deadlineNanos() - now <= 0) {
      parked.poll().refuse().run();
    }
    if (!parked.isEmpty()) {
      around
          .loop()
          .schedule(Duration.ofNanos(parked.peek().deadlineNanos() - now), this::refuseLate);
    }
  }

  Callers callers() {
    return callers;
  }

  /** What runs here; null when this replica does not lead. */
  @Nullable Invoker invoker() {
    return role instanceof Role.Leading leading ? leading.leader().invoker() : null;
  }

  boolean leads() {
    return role instanceof Role.Leading;
  }

  /**
   * Asks for a flush at the end of this turn of the loop, so that what one turn brings leaves
   * together.
   */
  private void touch() {
    if (!flushScheduled) {
      flushScheduled = true;
      around
          .loop()
          .execute(
              () -> {
                flushScheduled = false;
                if (role instanceof Role.Leading leading) {
                  leading.leader().flush();
                }
              });
    }
  }
}
