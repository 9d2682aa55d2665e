package dev.reprise.server.node;

import dev.reprise.cluster.checkpoint.LocalCheckpoints;
import dev.reprise.cluster.checkpoint.Manifest;
import dev.reprise.cluster.checkpoint.Peers;
import dev.reprise.cluster.checkpoint.ReplicaKeeper;
import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.server.membership.LocalSnapshots.Taken;
import dev.reprise.server.membership.Reports;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.table.RuleVersion;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one partition open. When its log or its store cannot go on (a full disk), it is closed and
 * opened again until that works; where its files are damaged, it is replaced by another node's
 * copy. Meanwhile the router sends nobody there, and the other partitions go on. What was
 * acknowledged is in the log and is found again.
 */
final class PartitionKeeper implements AutoCloseable {
  private final int number;
  private final Function<Replica, ReplicatedLog> opener;
  private final Partition.Environment environment;
  private final PartitionRouter router;
  private final LocalCheckpoints offers;
  private final ReplicaKeeper<Partition> keeper;
  private volatile LimitRules rules = LimitRules.NONE;
  private volatile int ruleVersion = RuleVersion.FIRST;

  /** The other replicas, and where this node's are offered to them. */
  record Healing(Supplier<@Nullable Peers> peers, LocalCheckpoints offers) {}

  /**
   * Opens the partition.
   *
   * @param opener opens its log
   */
  PartitionKeeper(
      int number,
      Path directory,
      RocksDbResources resources,
      Function<Replica, ReplicatedLog> opener,
      Partition.Environment environment,
      PartitionRouter router,
      Healing healing) {
    this.number = number;
    this.opener = opener;
    this.environment = environment;
    this.router = router;
    this.offers = healing.offers();
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
    Partition running = Partition.open(number, store, opener, environment);
    running.know(rules);
    running.raise(ruleVersion);
    router.open(running);
    return running;
  }

  /** These rules for limits are known: the partition is told, now or when it is open again. */
  void know(LimitRules newer) {
    rules = newer;
    Partition open = partition();
    if (open != null) {
      open.know(newer);
    }
  }

  /** The cluster follows this version of the rules: the partition is told, now or when it opens. */
  void raise(int version) {
    ruleVersion = version;
    Partition open = partition();
    if (open != null) {
      open.raise(version);
    }
  }

  /** The open partition; null while there is none. */
  @Nullable Partition partition() {
    return keeper.replica();
  }

  int number() {
    return number;
  }

  /** Whether it takes part, and if not, why. */
  Reports.Health health() {
    ReplicaKeeper.Status status = keeper.status();
    return new Reports.Health(
        status.condition().name().toLowerCase(Locale.ROOT), status.reason(), keeper.rebuilds());
  }

  /** Makes the copy durable, and a checkpoint of it, which is kept for a while. Blocks on disk. */
  Taken snapshot() {
    Partition open = partition();
    if (open == null) {
      throw new LogException(
          "Expected partition " + number + " to be open, but " + keeper.status().reason());
    }
    long index = open.flush();
    Manifest manifest = offers.manifest(LogId.partition(number), index);
    return new Taken(manifest.index(), manifest.size(), manifest.parts().size());
  }

  /** Gets another replica's state; false when it is not open, or there is none. */
  boolean rebuild() {
    return keeper.rebuild();
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
