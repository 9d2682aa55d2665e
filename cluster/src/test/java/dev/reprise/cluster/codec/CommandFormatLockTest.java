package dev.reprise.cluster.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.LogEntry;
import dev.reprise.cluster.engine.Statement;
import dev.reprise.storage.kv.FormatLock;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.OutboxMessage;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.RequestId;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.StatePatch;
import dev.reprise.storage.model.TimerKey;
import dev.reprise.storage.table.TableSamples;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a partition's log looks like, and that damage is noticed as such. */
@Timeout(60)
class CommandFormatLockTest {
  private static final RequestId REQUEST = TableSamples.REQUEST;
  private static final FormatLock LOCK =
      new FormatLock(
          "cluster/src/test/resources/dev/reprise/cluster/codec/log-format.txt",
          """
          The entries of a partition's log, one with each command and each statement, in hexadecimal.
          An entry is version, epoch, sequence and clock, then commands to its end. Bytes marked as
          old must be readable for ever.
          """);

  private static Map<String, LogEntry> samples() {
    Map<String, LogEntry> samples = new LinkedHashMap<>();
    NewInvocation asked = TableSamples.ASKED;
    TimerKey timer = new TimerKey(1_800_000_000_000L, TableSamples.ID, -2);
    samples.put(
        "announce leader", new LogEntry(0, 1, 5, List.of(new Command.AnnounceLeader("n1"))));
    samples.put("invoke", entry(new Command.Invoke(asked)));
    samples.put("invoke, plain", entry(new Command.Invoke(withoutWaiter(asked))));
    samples.put("fire timers", entry(new Command.FireTimers(List.of(timer, timer))));
    samples.put(
        "deliver",
        entry(
            new Command.Deliver(
                513,
                1L << 33,
                List.of(
                    new OutboxMessage.Create(asked),
                    new OutboxMessage.Answer(TableSamples.WAITER, TableSamples.SUCCESS),
                    new OutboxMessage.NotReady(TableSamples.WAITER),
                    new OutboxMessage.Send(TableSamples.ID, Signal.CANCEL, REQUEST),
                    new OutboxMessage.Attach(TableSamples.ID, TableSamples.WAITER),
                    new OutboxMessage.GetOutput(TableSamples.ID, TableSamples.WAITER),
                    new OutboxMessage.Kill(TableSamples.ID, REQUEST, 4)))));
    samples.put("truncate outbox", entry(new Command.TruncateOutbox(513, 1, 1L << 33)));
    samples.put("purge expired", entry(new Command.PurgeExpired(List.of(timer))));
    operations().forEach(it -> samples.put(name(it), entry(it)));
    samples.put(
        "restart, from the input",
        entry(new Command.Restart(TableSamples.ID, TableSamples.ID, REQUEST, 0, null, -3)));
    samples.put(
        "send signal", entry(new Command.SendSignal(TableSamples.ID, TableSamples.NAMED, REQUEST)));
    samples.put(
        "complete promise",
        entry(
            new Command.CompletePromise(
                TableSamples.TARGET.object(), "approved", TableSamples.FAILURE, REQUEST)));
    samples.put(
        "patch state",
        entry(new Command.PatchState(TableSamples.TARGET.object(), TableSamples.PATCH)));
    samples.put(
        "patch state, to nothing",
        entry(
            new Command.PatchState(
                TableSamples.TARGET.object(), new StatePatch(REQUEST, null, List.of()))));
    samples.put("invoke, scoped", entry(new Command.Invoke(TableSamples.SCOPED_ASKED)));
    samples.put("set limit rules", entry(new Command.SetLimitRules(TableSamples.RULES)));
    samples.put("fill limits", entry(new Command.FillLimits(List.of(TableSamples.LEVEL))));
    samples.put("mark, twice", entry(new Command.Mark(), new Command.Mark()));
    samples.put("raise rules", entry(new Command.RaiseRules(300)));
    samples.put("check state", entry(new Command.CheckState(1L << 33, -2)));
    statements().forEach((name, statement) -> samples.put("said: " + name, entry(said(statement))));
    return samples;
  }

  private static List<Command.Operation> operations() {
    InvocationId id = TableSamples.ID;
    Pin pin = new Pin("dp_1", 6);
    return List.of(
        new Command.Cancel(id, REQUEST),
        new Command.Kill(id, 4),
        new Command.Purge(id),
        new Command.PurgeJournal(id),
        new Command.Pause(id),
        new Command.Resume(id, pin),
        new Command.Restart(id, new InvocationId(1, 2, 3), REQUEST, 300, pin, -3));
  }

  private static String name(Command.Operation operation) {
    return operation.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Statement> statements() {
    Map<String, Statement> statements = new LinkedHashMap<>();
    Bytes payload = Bytes.utf8("payload");
    statements.put("journaled", new Statement.Journaled(0x0403, payload));
    statements.put("called", new Statement.Called(0x040D, payload, -2, 513, TableSamples.ASKED));
    statements.put(
        "called in a scope",
        new Statement.Called(0x040D, payload, -2, 513, TableSamples.SCOPED_ASKED));
    statements.put("run completed", new Statement.RunCompleted(-2, payload));
    statements.put(
        "signaled",
        new Statement.Signaled(0x0410, payload, 513, TableSamples.ID, TableSamples.AWAKEABLE));
    statements.put(
        "attached",
        new Statement.Attached(0x0412, payload, 513, TableSamples.ID, TableSamples.WAITER));
    statements.put("suspended", new Statement.Suspended(TableSamples.ANY));
    statements.put("suspended on a tree", new Statement.Suspended(TableSamples.TREE));
    statements.put("ended", new Statement.Ended());
    statements.put("failed", new Statement.Failed((Outcome.Failure) TableSamples.FAILURE));
    statements.put("paused", new Statement.Paused("gave up"));
    statements.put("pause heeded", new Statement.PauseHeeded("paused by request"));
    return statements;
  }

  private static Command said(Statement statement) {
    return new Command.AttemptSaid(
        TableSamples.ID,
        7L << 20 | 1,
        new AttemptId(990, 3),
        200,
        new Pin("dp_1", 6),
        List.of(statement));
  }

  private static LogEntry entry(Command... commands) {
    return new LogEntry(990, 9, 1_700_000_000_000L, Arrays.asList(commands));
  }

  private static NewInvocation withoutWaiter(NewInvocation it) {
    return new NewInvocation(
        it.id(),
        it.target(),
        it.requestHigh(),
        it.requestLow(),
        "",
        it.input(),
        0,
        it.retention(),
        it.randomSeed(),
        null);
  }

  @Test
  void theBytesOfEveryCommandAreThoseOnRecord() {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    samples().forEach((name, entry) -> bytes.put(name, CommandCodec.encode(entry)));
    LOCK.check(bytes);
  }

  @Test
  void whatWasEverWrittenIsReadAsWhatItMeant() {
    samples()
        .forEach(
            (name, entry) -> {
              List<byte[]> ever = LOCK.everOf(name);
              assertThat(ever).as(name).isNotEmpty();
              ever.forEach(it -> assertThat(CommandCodec.decode(it)).as(name).isEqualTo(entry));
            });
  }

  @Test
  void damagedEntriesAreReportedAsSuchAndNothingElse() {
    SplittableRandom random = new SplittableRandom(1);
    for (LogEntry entry : samples().values()) {
      byte[] bytes = CommandCodec.encode(entry);
      for (int i = 0; i < 5_000; i++) {
        byte[] damaged = Arrays.copyOf(bytes, Math.max(0, bytes.length + random.nextInt(5) - 3));
        for (int change = random.nextInt(4); change > 0 && damaged.length > 0; change--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        onlyStorageException(damaged);
      }
    }
    for (int i = 0; i < 50_000; i++) {
      byte[] garbage = new byte[random.nextInt(60)];
      random.nextBytes(garbage);
      onlyStorageException(garbage);
    }
  }

  private static void onlyStorageException(byte[] bytes) {
    try {
      CommandCodec.decode(bytes);
    } catch (StorageException expected) {
      assertThat(expected.reason()).isEqualTo(StorageException.Reason.MALFORMED);
    } catch (RuntimeException other) {
      fail("Expected a storage exception, but got " + other, other);
    }
  }
}
