package dev.reprise.cluster.engine;

import dev.reprise.storage.kv.Reads;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.table.Keys;
import dev.reprise.storage.table.TablesView;
import java.util.Set;
import java.util.TreeSet;

/**
 * The work that lies open: what is to be run, which timers are to fire, what is to be shipped. Read
 * from the tables by a new leader, or gathered from actions by one that has seen them all.
 */
public record OpenWork(Set<InvocationId> toRun, Set<TimerKey> timers, Set<String> messages) {
  public OpenWork {
    toRun = new TreeSet<>(toRun);
    timers = new TreeSet<>(timers);
    messages = new TreeSet<>(messages);
  }

  /** What a new leader reads. */
  public static OpenWork of(Reads reads) {
    TablesView tables = new TablesView(reads);
    OpenWork work = new OpenWork(Set.of(), Set.of(), Set.of());
    try (var scan = tables.invocations()) {
      while (scan.next()) {
        if (scan.value().status() instanceof Status.Invoked) {
          work.toRun.add(scan.key());
        }
      }
    }
    try (var scan = tables.timers()) {
      while (scan.next()) {
        work.timers.add(scan.key());
      }
    }
    try (var receivers = tables.outboxReceivers()) {
      while (receivers.next()) {
        try (var scan = tables.outbox(receivers.key(), 0)) {
          while (scan.next()) {
            work.messages.add(message(scan.key()));
          }
        }
      }
    }
    return work;
  }

  static String message(Keys.Outbox key) {
    return key.receiver() + " #" + key.sequence();
  }

  /** Takes down what one applied entry began and what it settled. */
  public void follow(LogEntry entry, PartitionStateMachine.Effects effects) {
    for (int i = 0; i < entry.commands().size(); i++) {
      if (effects.results().get(i) instanceof Result.Done) {
        settle(entry.commands().get(i));
      } else if (effects.results().get(i) instanceof Result.Faulted
          && entry.commands().get(i) instanceof Command.AttemptSaid said) {
        toRun.remove(said.id()); // Parked.
      }
    }
    effects.actions().forEach(this::begin);
  }

  private void settle(Command command) {
    switch (command) {
      case Command.AttemptSaid said -> {
        if (said.statements().stream().anyMatch(OpenWork::leaves)) {
          toRun.remove(said.id());
        }
      }
      case Command.FireTimers fire -> fire.timers().forEach(timers::remove);
      case Command.TruncateOutbox truncate -> {
        for (long it = truncate.fromSequence(); it <= truncate.throughSequence(); it++) {
          messages.remove(message(new Keys.Outbox(truncate.receiver(), it)));
        }
      }
      default -> {}
    }
  }

  private static boolean leaves(Statement statement) {
    return switch (statement) {
      case Statement.Suspended it -> true;
      case Statement.Ended it -> true;
      case Statement.Failed it -> true;
      case Statement.Paused it -> true;
      case Statement.PauseHeeded it -> true;
      case Statement.Journaled it -> false;
      case Statement.Called it -> false;
      case Statement.Signaled it -> false;
      case Statement.Attached it -> false;
      case Statement.RunCompleted it -> false;
    };
  }

  private void begin(Action action) {
    switch (action) {
      case Action.StartAttempt start -> toRun.add(start.invocation().id());
      case Action.ScheduleTimer schedule -> timers.add(schedule.timer());
      case Action.ShipOutbox ship ->
          messages.add(message(new Keys.Outbox(ship.receiver(), ship.sequence())));
      case Action.Announce ended -> timers.removeIf(it -> it.id().equals(ended.completed().id()));
      case Action.AbortAttempt abort -> toRun.remove(abort.id());
      case Action.NotifyAttempt notify -> {}
      case Action.PauseAttempt pause -> {}
      case Action.HurryAttempt hurry -> {}
    }
  }
}
