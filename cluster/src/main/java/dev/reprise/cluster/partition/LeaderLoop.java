package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.StorageException.Reason;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.table.RuleVersion;
import dev.reprise.storage.table.TablesView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's side of one replica: its role, and what it is asked. Confined to its {@link Loop},
 * but for what implements {@link PartitionProcessor.Leadership}, which only hands over.
 *
 * <p>Longer than most: all changes of role are on this page, with what each ends and begins.
 */
final class LeaderLoop implements PartitionProcessor.Leadership {
  private static final Logger logger = LoggerFactory.getLogger(LeaderLoop.class);
  private static final Duration PAUSE_BETWEEN_EPOCHS = Duration.ofMillis(100);

  /** What surrounds a leader and outlives it. */
  record Surroundings(
      KeyValueStore store,
      Loop loop,
      PartitionSettings settings,
      InvokerFactory invokers,
      Deliveries deliveries,
      StateHashes hashes,
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

  private final int partition;
  private final Surroundings around;
  private final PartitionCounters counters;
  private final Consumer<Throwable> onClosed;
  private final Callers callers = new Callers();
  private Runnable led = () -> {};
  private volatile boolean interested;
  private @Nullable ReplicatedLog log;
  private LimitRules rules = LimitRules.NONE;
  private int ruleVersion = RuleVersion.FIRST;
  private Role role = new Role.Follower();
  private long readyTerm;
  private boolean flushScheduled;
  private boolean closed;

  /**
   * @param onClosed told once when the log or the store cannot go on
   */
  LeaderLoop(
      int partition,
      Surroundings around,
      PartitionCounters counters,
      Consumer<Throwable> onClosed) {
    this.partition = partition;
    this.around = around;
    this.counters = counters;
    this.onClosed = onClosed;
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
    around
        .loop()
        .execute(
            () -> {
              readyTerm = 0;
              follow("leadership lost");
              callers.moved();
            });
  }

  @Override
  public void proposalFailed(long term, Throwable cause) {
    around
        .loop()
        .execute(
            () -> {
              if (term == readyTerm) {
                epochFailed(cause);
              }
            });
  }

  @Override
  public void closed(Throwable cause) {
    logger.debug("partition {} is closed until it is opened again", partition, cause);
    around.loop().execute(this::close);
    onClosed.accept(cause);
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
          carryOut(leading.leader(), entry);
        } else if (entry.epoch() == 0) {
          // Somebody else's announcement, or an old one of ours, came after ours: our epoch is
          // over.
          announce(leading.term());
        }
      }
    }
  }

  /** Whatever goes wrong here, the tables have it: the next epoch reads them afresh. */
  private void carryOut(Leader leader, AppliedEntry entry) {
    try {
      leader.applied(entry);
      leader.flush();
    } catch (Proposer.LostEntry e) {
      epochFailed(e);
    } catch (RuntimeException e) {
      logger.error("partition {} could not carry out entry {}", partition, entry.index(), e);
      failed(e);
    }
  }

  /** A new epoch reads the tables afresh; that heals no file. */
  private void failed(RuntimeException cause) {
    if (cause instanceof StorageException stored && stored.reason() == Reason.CORRUPT) {
      closed(cause);
    } else {
      epochFailed(cause);
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
    try {
      leader.recover(rules, ruleVersion);
      callers.lookAfter(new TablesView(around.store()));
      led.run();
      leader.flush();
      logger.debug("partition {} leads in epoch {}", partition, epoch);
    } catch (RuntimeException e) {
      logger.error("partition {} could not take up its work", partition, e);
      failed(e);
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
            PAUSE_BETWEEN_EPOCHS,
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
        // What attempts said is lost with them, and their next ones say it again.
        if (rest.answer() instanceof Admitted admitted) {
          admitted.unanswered(rest.proposed());
        }
      }
    }
  }

  void close() {
    closed = true;
    interested = false;
    follow("closed");
    callers.moved();
  }

  // ---- questions, on the loop ----

  /** This is told whenever this replica has begun to lead. */
  void whenLeading(Runnable told) {
    led = told;
  }

  /** Proposes a command that admits work. */
  void admit(Command command, Admitted asker) {
    if (!(role instanceof Role.Leading leading)) {
      asker.notLeading();
    } else if (leading.leader().proposer().admit(command, asker)) {
      touch();
    } else {
      asker.refused();
    }
  }

  /** Takes messages of another partition. */
  void deliver(Command.Deliver messages, Admitted asker) {
    if (role instanceof Role.Leading leading) {
      leading.leader().proposer().finish(messages, asker);
      touch();
    } else {
      asker.notLeading();
    }
  }

  /** This node knows these rules for limits; whoever leads tells the partition through its log. */
  void know(LimitRules known) {
    if (known.version() > rules.version()) {
      rules = known;
      if (role instanceof Role.Leading leading) {
        leading.leader().know(rules);
      }
    }
  }

  /** The cluster follows this version of the rules; whoever leads tells the partition. */
  void raise(int version) {
    if (version > ruleVersion) {
      ruleVersion = version;
      if (role instanceof Role.Leading leading) {
        leading.leader().raise(version);
      }
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
