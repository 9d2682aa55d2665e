package dev.reprise.cluster.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.codec.CommandCodec;
import dev.reprise.storage.kv.Contents;
import dev.reprise.storage.kv.Cursor;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.table.TableId;
import dev.reprise.storage.table.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A log of random entries, and what came of it. */
final class RandomLog {
  private final PartitionStateMachine machine = new PartitionStateMachine(PartitionStory.SELF);
  private final MemoryStore store = new MemoryStore();
  private final Tables tables = new Tables(store);
  private final List<LogEntry> entries = new ArrayList<>();
  private final RandomWorld world;
  private long epoch;
  private long sequence;
  private boolean toFill;

  RandomLog(long seed) {
    this.world = new RandomWorld(seed, store);
    announce();
  }

  /** The log of this seed, with some commands in each entry. */
  static RandomLog of(long seed, int length) {
    RandomLog log = new RandomLog(seed);
    for (int i = 0; i < length; i++) {
      log.grow(1 + log.world.upTo(4));
    }
    return log;
  }

  private void announce() {
    append(new LogEntry(0, 1, world.nowMillis(), List.of(new Command.AnnounceLeader("n"))));
    epoch = entries.size();
    sequence = 0;
    world.epochIs(epoch);
  }

  /** One more entry, as far as can be told sensible. */
  void grow(int commands) {
    if (world.oneIn(40)) {
      announce();
    }
    List<Command> batch = new ArrayList<>();
    for (int i = 0; i < commands; i++) {
      batch.add(world.next());
    }
    append(batch);
  }

  void append(List<Command> commands) {
    append(new LogEntry(epoch, ++sequence, world.nowMillis(), commands));
  }

  private void append(LogEntry entry) {
    entries.add(entry);
    var effects = machine.apply(entry, entries.size(), tables);
    toFill = effects.actions().stream().anyMatch(Action.FillLimits.class::isInstance);
    tables.commit(1, entries.size());
  }

  /** Whether the last entry asks the leader to see to limits. */
  boolean toFill() {
    return toFill;
  }

  List<LogEntry> entries() {
    return entries;
  }

  MemoryStore store() {
    return store;
  }

  RandomWorld world() {
    return world;
  }

  long epoch() {
    return epoch;
  }

  /** Tells this log to another store, which is opened afresh now and then. */
  Contents toldTo(KeyValueStore empty) {
    Tables told = new Tables(empty);
    for (int i = 0; i < entries.size(); i++) {
      if (i % 17 == 16) {
        told = new Tables(empty);
      }
      LogEntry entry = CommandCodec.decode(CommandCodec.encode(entries.get(i)));
      assertThat(entry).isEqualTo(entries.get(i));
      machine.apply(entry, i + 1, told);
      told.commit(1, i + 1);
    }
    return Contents.of(empty);
  }

  /** All rows but the position, as text: equal where the world is. */
  static List<String> world(KeyValueStore store) {
    List<String> rows = new ArrayList<>();
    try (Cursor cursor = store.scan(new byte[0], new byte[0])) {
      while (cursor.next()) {
        if (cursor.key()[0] != TableId.META.number()) {
          rows.add(table(cursor.key()[0]) + hex(cursor.key()) + " = " + hex(cursor.value()));
        }
      }
    }
    return rows;
  }

  private static String table(int number) {
    return Arrays.stream(TableId.values())
            .filter(it -> it.number() == number)
            .findFirst()
            .map(Enum::name)
            .orElse("?")
        + " ";
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
