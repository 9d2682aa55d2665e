package dev.reprise.cluster.partition;

import dev.reprise.cluster.engine.LogEntry;
import dev.reprise.cluster.engine.PartitionStateMachine;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.table.Tables;
import java.util.function.Function;

/** Opens a partition whose rules may be wrong on purpose. */
public final class RuledPartition {
  private RuledPartition() {}

  /** What an entry does to the tables. */
  @FunctionalInterface
  public interface Rules {
    PartitionStateMachine.Effects apply(LogEntry entry, long index, Tables tables);
  }

  public static Partition open(
      int number,
      KeyValueStore store,
      Function<Replica, ReplicatedLog> opener,
      Partition.Environment environment,
      Rules rules) {
    return Partition.open(number, store, opener, environment, rules::apply);
  }
}
