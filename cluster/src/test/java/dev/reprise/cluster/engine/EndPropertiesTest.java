package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Awaiting;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Pending;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.model.Waiter;
import dev.reprise.storage.table.TableId;
import dev.reprise.storage.table.TablesView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left of every log when all has ended and was forgotten. A failure names its seed. */
@Timeout(120)
class EndPropertiesTest {
  @Test
  void afterEverythingHasEndedAndWasPurgedTheTablesAreEmpty() {
    EnginePropertiesTest.forEachSeed(
        EnginePropertiesTest.SEEDS,
        seed -> {
          RandomLog log = RandomLog.of(seed, EnginePropertiesTest.LENGTH);
          long farAway = 1_000_000;
          for (int round = 0; round < 120 && !isOver(log); round++) {
            log.append(List.of(settle(log, farAway)));
          }
          log.append(purge(log));
          log.append(
              List.of(
                  new Command.TruncateOutbox(1, 1, 10_000),
                  new Command.TruncateOutbox(2, 1, 10_000)));
          Map<String, Integer> left = new HashMap<>();
          RandomLog.world(log.store())
              .forEach(row -> left.merge(row.substring(0, row.indexOf(' ')), 1, Integer::sum));
          left.keySet()
              .removeAll(
                  List.of(
                      TableId.STATE.name(),
                      TableId.OUTBOX_NEXT.name(),
                      TableId.DEDUP.name(),
                      TableId.LIMIT_RULES.name()));
          // What was decided stays for the next run of its key; nobody waits any more.
          left.remove(TableId.PROMISE.name());
          new PromiseChecks(log.store()).nobodyWaits();
          assertThat(left).isEmpty();
        });
  }

  private static boolean isOver(RandomLog log) {
    try (var scan = new TablesView(log.store()).invocations()) {
      return !scan.next();
    }
  }

  /** What would bring the first open invocation nearer to its end. */
  private static Command settle(RandomLog log, long farAway) {
    TablesView tables = new TablesView(log.store());
    try (var scan = tables.invocations()) {
      while (scan.next()) {
        Invocation invocation = scan.value();
        switch (invocation.status()) {
          case Status.Inboxed it -> {}
          case Status.Limited it -> {
            var fill = LimitChecks.owed(tables);
            if (fill != null) {
              return fill;
            }
          }
          case Status.Scheduled it -> {
            log.world().passTo(farAway);
            return new Command.FireTimers(
                List.of(new TimerKey(it.atMillis(), invocation.id(), TimerKey.START)));
          }
          case Status.Paused it -> {
            return new Command.Resume(invocation.id(), null);
          }
          case Status.Suspended it -> {
            log.world().passTo(farAway);
            return wake(log, tables, invocation, it);
          }
          case Status.Invoked it -> {
            return new Command.AttemptSaid(
                invocation.id(),
                invocation.incarnation(),
                new AttemptId(log.epoch(), 100),
                invocation.progress().commands(),
                PartitionStory.PIN,
                List.of(Says.failed(500, "over")));
          }
        }
      }
    }
    throw new AssertionError("Expected something that can be settled, but found nothing");
  }

  /** Fires what it sleeps for, answers for whom it asked elsewhere, or ends it where nobody can. */
  private static Command wake(
      RandomLog log, TablesView tables, Invocation invocation, Status.Suspended suspended) {
    InvocationId id = invocation.id();
    List<Integer> completions = new ArrayList<>();
    leaves(suspended.awaiting(), completions);
    for (int completion : completions) {
      switch (tables.pending(id, completion)) {
        case Pending.Sleep sleep -> {
          return new Command.FireTimers(List.of(new TimerKey(sleep.atMillis(), id, completion)));
        }
        case Pending.Promise promise -> {
          return new Command.CompletePromise(
              invocation.target().object(),
              promise.key(),
              new Outcome.Success(Bytes.EMPTY),
              new RequestId(9, log.entries().size()));
        }
        case Pending.Call call -> {
          return answered(log, invocation, completion);
        }
        case Pending.Attach attach -> {
          return answered(log, invocation, completion);
        }
        case Pending.Output output -> {
          return answered(log, invocation, completion);
        }
        case Pending.Run run -> {}
        case null -> {}
      }
    }
    // Only a signal is left.
    return new Command.Kill(id);
  }

  private static void leaves(Awaiting awaiting, List<Integer> completions) {
    completions.addAll(awaiting.completions());
    awaiting.nested().forEach(it -> leaves(it, completions));
  }

  private static Command answered(RandomLog log, Invocation invocation, int completion) {
    Waiter waiter =
        new Waiter(PartitionStory.SELF, invocation.id(), invocation.incarnation(), completion);
    return log.world()
        .delivered(new OutboxMessage.Answer(waiter, new Outcome.Success(Bytes.EMPTY)));
  }

  private static List<Command> purge(RandomLog log) {
    log.world().passTo(9_000_000);
    List<TimerKey> expired = new ArrayList<>();
    try (var scan = new TablesView(log.store()).expiriesBefore(null, Long.MAX_VALUE)) {
      while (scan.next()) {
        expired.add(Objects.requireNonNull(scan.key()));
      }
    }
    return List.of(new Command.PurgeExpired(expired));
  }
}
