package dev.reprise.cluster.simulation;

import dev.reprise.cluster.engine.Action;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.LogEntry;
import dev.reprise.cluster.engine.PartitionStateMachine.Effects;
import dev.reprise.cluster.engine.Result;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.partition.RuledPartition.Rules;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.LimitLevel;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Promise;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.Applied;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.Layouts;
import dev.reprise.storage.table.Tables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A mistake that somebody might make, planted to see whether it is found. */
enum Mutation {
  NONE,

  /** A completion that arrives while the attempt makes up its mind is not looked for. */
  SUSPENDS_WITHOUT_LOOKING_AGAIN {
    @Override
    Rules rules(Rules right) {
      return (entry, index, tables) -> suspended(entry, right.apply(entry, index, tables), tables);
    }
  },

  /** A leader applies what it proposes, carries it out and answers, before it is committed. */
  ACTS_BEFORE_COMMIT {
    @Override
    ReplicatedLog open(Replica replica, Function<Replica, ReplicatedLog> opener) {
      HastyReplica hasty = new HastyReplica(replica);
      return hasty.over(opener.apply(hasty));
    }
  },

  /** Entries of old epochs, and behind lost ones, count like all others. */
  FORGETS_THE_EPOCH {
    @Override
    Rules rules(Rules right) {
      return (entry, index, tables) -> right.apply(renamed(entry, tables.applied()), index, tables);
    }
  },

  /** An awakeable takes a second value. */
  TAKES_A_SECOND_VALUE {
    @Override
    Rules rules(Rules right) {
      return (entry, index, tables) -> {
        if (counts(entry, tables)) {
          entry.commands().forEach(it -> forgetSignals(it, tables));
        }
        return right.apply(entry, index, tables);
      };
    }
  },

  /** A promise can be decided anew. */
  DECIDES_AGAIN {
    @Override
    Rules rules(Rules right) {
      return (entry, index, tables) -> {
        if (counts(entry, tables)) {
          entry.commands().forEach(it -> forgetPromise(it, tables));
        }
        return right.apply(entry, index, tables);
      };
    }
  },

  /** What was decided outlives its workflow. */
  KEEPS_WHAT_WAS_DECIDED {
    @Override
    Rules rules(Rules right) {
      return (entry, index, tables) -> {
        Map<Keys.Promise, Promise> decided = decided(tables);
        Effects effects = right.apply(entry, index, tables);
        decided.forEach(
            (key, promise) -> {
              if (tables.promises().find(key) == null) {
                tables.promises().put(key, promise);
              }
            });
        return effects;
      };
    }
  },

  /** Who suspends gives back its places twice. */
  GIVES_PLACES_BACK_TWICE {
    @Override
    Rules rules(Rules right) {
      return (entry, index, tables) -> {
        Effects effects = right.apply(entry, index, tables);
        entry.commands().forEach(it -> giveBack(it, tables));
        return effects;
      };
    }
  },

  /** Who is let in is not counted. */
  LETS_IN_UNCOUNTED {
    @Override
    Rules rules(Rules right) {
      return (entry, index, tables) -> {
        Effects effects = right.apply(entry, index, tables);
        effects.results().forEach(it -> discount(it, tables));
        return effects;
      };
    }
  },

  /** A message that is delivered twice is taken twice. */
  FORGETS_WHAT_WAS_DELIVERED {
    @Override
    Rules rules(Rules right) {
      return (entry, index, tables) -> {
        if (counts(entry, tables)) {
          entry.commands().forEach(it -> forget(it, tables));
        }
        return right.apply(entry, index, tables);
      };
    }
  };

  /** The rules with this mistake. */
  Rules rules(Rules right) {
    return right;
  }

  /** Opens a log with this mistake. */
  ReplicatedLog open(Replica replica, Function<Replica, ReplicatedLog> opener) {
    return opener.apply(replica);
  }

  private static Effects suspended(LogEntry entry, Effects effects, Tables tables) {
    List<Action> actions = new ArrayList<>(effects.actions());
    for (int i = 0; i < entry.commands().size(); i++) {
      if (effects.results().get(i) instanceof Result.Done
          && entry.commands().get(i) instanceof Command.AttemptSaid said
          && said.statements().getLast() instanceof Statement.Suspended last) {
        Invocation invocation = tables.invocations().find(said.id());
        if (invocation != null && invocation.status() instanceof Status.Invoked) {
          tables
              .invocations()
              .put(said.id(), invocation.with(new Status.Suspended(last.awaiting())));
          actions.removeIf(
              it ->
                  it instanceof Action.StartAttempt start
                      && start.invocation().id().equals(said.id()));
        }
      }
    }
    return new Effects(effects.results(), actions);
  }

  private static LogEntry renamed(LogEntry entry, Applied applied) {
    return entry.epoch() == 0
        ? entry
        : new LogEntry(
            applied.epoch(), applied.sequence() + 1, entry.clockMillis(), entry.commands());
  }

  private static boolean counts(LogEntry entry, Tables tables) {
    Applied applied = tables.applied();
    return entry.epoch() == applied.epoch() && entry.sequence() == applied.sequence() + 1;
  }

  private static void forgetSignals(Command command, Tables tables) {
    switch (command) {
      case Command.SendSignal send -> forgetAwakeable(send.id(), tables);
      case Command.AttemptSaid said -> {
        for (Statement statement : said.statements()) {
          if (statement instanceof Statement.Signaled signaled) {
            forgetAwakeable(signaled.target(), tables);
          }
        }
      }
      case Command.Deliver deliver -> {
        for (OutboxMessage message : deliver.messages()) {
          if (message instanceof OutboxMessage.Send send) {
            forgetAwakeable(send.target(), tables);
          }
        }
      }
      default -> {}
    }
  }

  private static void forgetAwakeable(InvocationId id, Tables tables) {
    tables.signals().delete(new Keys.Signal(id, new SignalId.Index(SignalId.FIRST_AWAKEABLE)));
  }

  private static void giveBack(Command command, Tables tables) {
    if (command instanceof Command.AttemptSaid said
        && said.statements().getLast() instanceof Statement.Suspended) {
      Invocation invocation = tables.invocations().find(said.id());
      if (invocation != null && invocation.status() instanceof Status.Suspended) {
        discount(invocation, tables);
      }
    }
  }

  private static void discount(Result result, Tables tables) {
    if (result instanceof Result.Open open
        && open.created()
        && open.invocation().status() instanceof Status.Invoked) {
      discount(open.invocation(), tables);
    }
  }

  private static void discount(Invocation invocation, Tables tables) {
    if (invocation.target().scoped()) {
      LimitLevel scope = new LimitLevel(invocation.target().scope(), "", "");
      if (tables.limits().usage(scope).running() > 0) {
        tables.limits().addRunning(scope, -1);
      }
    }
  }

  private static void forgetPromise(Command command, Tables tables) {
    if (command instanceof Command.CompletePromise complete) {
      Keys.Promise key = new Keys.Promise(complete.workflow(), complete.key());
      if (tables.promises().find(key) instanceof Promise.Decided) {
        tables.promises().delete(key);
      }
    }
  }

  private static Map<Keys.Promise, Promise> decided(Tables tables) {
    Map<Keys.Promise, Promise> decided = new HashMap<>();
    tables
        .promises()
        .scan(
            Layouts.PROMISE.prefix(),
            key -> true,
            (key, promise) -> {
              if (promise instanceof Promise.Decided) {
                decided.put(key, promise);
              }
            });
    return decided;
  }

  private static void forget(Command command, Tables tables) {
    if (command instanceof Command.Deliver deliver) {
      Long last = tables.dedup().find(deliver.sender());
      if (last != null && last >= deliver.firstSequence()) {
        tables.dedup().put(deliver.sender(), deliver.firstSequence() - 1);
      }
    }
  }
}
