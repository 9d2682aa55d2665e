package dev.reprise.server.node;

import dev.reprise.cluster.checkpoint.LocalCheckpoints;
import dev.reprise.cluster.checkpoint.Peers;
import dev.reprise.cluster.checkpoint.ReplicaKeeper;
import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one partition open. When its log or its store cannot go on (a full disk), it is closed and
 * opened again until that works; where its files are damaged, it is replaced by another node's copy.
 * Meanwhile the router sends nobody there, and the other partitions go on. What was acknowledged is
 * in the log and is found again.
 */
final class PartitionKeeper implements AutoCloseable {
  private final int number;
  private final ReplicatedLogs logs;
  private final Partition.Environment environment;
  private final PartitionRouter router;
  private final ReplicaKeeper<Partition> keeper;

  /** The other replicas, and where this node's are offered to them. */
  record Healing(Supplier<@Nullable Peers> peers, LocalCheckpoints offers) {}

  /** Opens the partition. */
  PartitionKeeper(
      int number,
      Path directory,
      RocksDbResources resources,
      ReplicatedLogs logs,
      Partition.Environment environment,
      PartitionRouter router,
      Healing healing) {
    this.number = number;
    this.logs = logs;
    this.environment = environment;
    this.router = router;
    this.keeper =
        new ReplicaKeeper<>(
            new ReplicaKeeper.Parts<>(
                "partition " + number,
                LogId.partition(number),
                directory,
                path -> RocksDbStore.open(path, resources),
                this::open,
                () -> router.close(number),
                healing.peers(),
                healing.offers(),
                environment.background()));
    keeper.start();
  }

  private Partition open(KeyValueStore store) {
    Partition running =
        Partition.open(
            number, store, replica -> logs.open(LogId.partition(number), replica), environment);
    router.open(running);
    return running;
  }

  /** The open partition; null while there is none. */
  @Nullable Partition partition() {
    return keeper.replica();
  }

  int number() {
    return number;
  }

  /** Whether it takes part, and if not, why. */
  ReplicaKeeper.Status status() {
    return keeper.status();
  }

  /** Reads what is on disk, and stops the replica where that is damaged. Slow. */
  void scrub(BooleanSupplier goOn) {
    keeper.scrub(goOn);
  }

  @Override
  public void close() {
    keeper.close();
  }
}
