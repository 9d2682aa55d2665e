package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.MessageType;
import dev.reprise.cluster.codec.CommandCodec;
import dev.reprise.storage.kv.Contents;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.model.AttemptId;
import dev.reprise.storage.model.Completed;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.Outcome;
import dev.reprise.storage.model.Pin;
import dev.reprise.storage.model.Status;
import dev.reprise.storage.table.Tables;
import dev.reprise.storage.table.TablesView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The life of one partition, told as given, when, then. Every entry is applied twice, once by
 * tables that have been open all the time and once by tables that were opened for it, so that no
 * cache changes an answer; {@link #replaysTo} tells the log again to an empty store.
 */
public final class PartitionStory {
  /** The partition of which the story is told. */
  public static final int SELF = 0;

  /** Another partition. */
  public static final int OTHER = 1;

  public static final Pin PIN = new Pin("dp_1", 6);

  private final PartitionStateMachine machine = new PartitionStateMachine(SELF);
  private final MemoryStore store = new MemoryStore();
  private final MemoryStore coldStore = new MemoryStore();
  private final Tables tables = new Tables(store);
  private final List<byte[]> log = new ArrayList<>();
  private final OpenWork open = OpenWork.of(store);
  private long epoch;
  private long sequence;
  private long clockMillis;
  private boolean repeats;
  private PartitionStateMachine.Effects effects =
      new PartitionStateMachine.Effects(List.of(), List.of());

  public PartitionStory() {
    anotherLeads();
  }

  // ---- when ----

  /** One log entry of the present leader. */
  public PartitionStory when(Command... commands) {
    return append(new LogEntry(epoch, ++sequence, clockMillis, Arrays.asList(commands)));
  }

  public PartitionStory when(Asked asked) {
    return when(asked.invoke());
  }

  /** One log entry of a leader whose epoch began at this index. */
  public PartitionStory whenInEpoch(long oldEpoch, long itsSequence, Command... commands) {
    return append(new LogEntry(oldEpoch, itsSequence, clockMillis, Arrays.asList(commands)));
  }

  /** An entry of the present leader never reaches the log, though the next one does. */
  public PartitionStory whenAnEntryIsLost() {
    sequence++;
    return this;
  }

  /** The log tells its last entry a second time. */
  public PartitionStory whenTheLastEntryIsRepeated() {
    repeats = true;
    return append(CommandCodec.decode(log.getLast()));
  }

  public PartitionStory anotherLeads() {
    append(new LogEntry(0, 1, clockMillis, List.of(new Command.AnnounceLeader("n1"))));
    epoch = log.size();
    sequence = 0;
    return this;
  }

  public PartitionStory after(Duration time) {
    clockMillis += time.toMillis();
    return this;
  }

  private PartitionStory append(LogEntry asProposed) {
    byte[] bytes = CommandCodec.encode(asProposed);
    LogEntry entry = CommandCodec.decode(bytes);
    assertThat(CommandCodec.encode(entry)).isEqualTo(bytes);
    log.add(bytes);
    long index = log.size();
    effects = machine.apply(entry, index, tables);
    tables.commit(1, index);
    Tables opened = new Tables(coldStore);
    assertThat(machine.apply(entry, index, opened)).as("with nothing cached").isEqualTo(effects);
    opened.commit(1, index);
    assertThat(Contents.of(coldStore)).as("with nothing cached").isEqualTo(Contents.of(store));
    open.follow(entry, effects);
    return this;
  }

  /** What an attempt says next, of the invocation's present life and without a gap. */
  public Command says(String name, int ordinal, Statement... statements) {
    Invocation invocation = view().invocation(Asked.id(name));
    return said(
        name,
        invocation == null ? 0 : invocation.incarnation(),
        ordinal,
        invocation == null ? 0 : invocation.progress().commands(),
        statements);
  }

  /** What an attempt of the present epoch says about whatever it believes. */
  public Command said(
      String name, long incarnation, int ordinal, int firstCommand, Statement... statements) {
    return new Command.AttemptSaid(
        Asked.id(name),
        incarnation,
        new AttemptId(epoch, ordinal),
        firstCommand,
        PIN,
        Arrays.asList(statements));
  }

  // ---- then ----

  /** Exactly these actions, in this order. */
  public PartitionStory emits(String... actions) {
    assertThat(effects.actions().stream().map(PartitionStory::text)).containsExactly(actions);
    return this;
  }

  public PartitionStory emitsNothing() {
    return emits();
  }

  /** Exactly these results, one for each command. */
  public PartitionStory answers(String... results) {
    assertThat(effects.results().stream().map(PartitionStory::text)).containsExactly(results);
    return this;
  }

  /** The status in a word, {@code ended} or {@code gone}. */
  public String statusOf(String name) {
    Invocation invocation = view().invocation(Asked.id(name));
    if (invocation == null) {
      return view().completed(Asked.id(name)) == null ? "gone" : "ended";
    }
    return switch (invocation.status()) {
      case Status.Scheduled it -> "scheduled";
      case Status.Inboxed it -> "inboxed";
      case Status.Limited it -> "limited";
      case Status.Invoked it -> it.pausing() ? "pausing" : "invoked";
      case Status.Suspended it -> "suspended";
      case Status.Paused it -> "paused";
    };
  }

  public long incarnationOf(String name) {
    Invocation invocation = view().invocation(Asked.id(name));
    if (invocation != null) {
      return invocation.incarnation();
    }
    Completed completed = view().completed(Asked.id(name));
    if (completed == null) {
      throw new AssertionError("Expected " + name + " to be known, but it is not");
    }
    return completed.creation().incarnation();
  }

  /** The journal's frame types, notifications with a star. */
  public List<String> journalOf(String name) {
    List<String> types = new ArrayList<>();
    try (var scan = view().journal(Asked.id(name))) {
      while (scan.next()) {
        int type = scan.value().type();
        types.add(MessageType.nameOf(type) + (MessageType.isNotification(type) ? "*" : ""));
      }
    }
    return types;
  }

  /** What the last notification in the journal tells: a value, a failure, or {@code void}. */
  public String lastToldTo(String name) {
    String told = "nothing";
    try (var scan = view().journal(Asked.id(name))) {
      while (scan.next()) {
        if (MessageType.isNotification(scan.value().type())) {
          told = Says.told(scan.value().payload());
        }
      }
    }
    return told;
  }

  public TablesView view() {
    return new TablesView(store);
  }

  public KeyValueStore store() {
    return store;
  }

  public long nowMillis() {
    return clockMillis;
  }

  public long epoch() {
    return epoch;
  }

  /** Tells the whole log to an empty store, and compares the bytes and the open work. */
  public void replaysTo(KeyValueStore empty) {
    PartitionStateMachine other = new PartitionStateMachine(SELF);
    Tables replayed = new Tables(empty);
    for (int i = 0; i < log.size(); i++) {
      other.apply(CommandCodec.decode(log.get(i)), i + 1, replayed);
      replayed.commit(1, i + 1);
    }
    assertThat(Contents.of(empty)).as("replayed").isEqualTo(Contents.of(store));
    if (!repeats) {
      assertThat(OpenWork.of(empty)).as("what a new leader reads").isEqualTo(open);
    }
  }

  // ---- words ----

  private static String text(Action action) {
    return switch (action) {
      case Action.StartAttempt it ->
          "start " + Asked.nameOf(it.invocation().id()) + (it.input() == null ? "" : " afresh");
      case Action.NotifyAttempt it ->
          "tell "
              + Asked.nameOf(it.id())
              + " "
              + it.index()
              + " "
              + MessageType.nameOf(it.notification().type());
      case Action.ScheduleTimer it ->
          "timer " + Asked.nameOf(it.timer().id()) + " at " + it.timer().atMillis();
      case Action.ShipOutbox it -> "ship " + it.receiver() + " #" + it.sequence();
      case Action.FillLimits it -> "fill " + (it.level() == null ? "everywhere" : it.level());
      case Action.AbortAttempt it -> "abort " + Asked.nameOf(it.id());
      case Action.PauseAttempt it -> "pause " + Asked.nameOf(it.id());
      case Action.HurryAttempt it -> "hurry " + Asked.nameOf(it.id());
      case Action.Announce it ->
          "ended " + Asked.nameOf(it.completed().id()) + " " + text(it.completed().outcome());
    };
  }

  private static String text(Result result) {
    return switch (result) {
      case Result.Done it -> "done";
      case Result.Requested it -> "requested";
      case Result.Stale it -> "stale";
      case Result.Open it -> it.created() ? "created" : "open";
      case Result.Ended it ->
          "ended " + text(it.completed().outcome()) + (it.sameRequest() ? " same" : "");
      case Result.Gap it -> "gap at " + it.commands();
      case Result.Delivered it -> "delivered " + it.throughSequence();
      case Result.Rejected it -> "rejected " + it.rejection();
      case Result.Faulted it -> "faulted";
    };
  }

  public static String text(@Nullable Outcome outcome) {
    return switch (outcome) {
      case null -> "nothing";
      case Outcome.Success it -> it.value().toUtf8();
      case Outcome.Failure it -> it.code() + " " + it.message();
    };
  }
}
