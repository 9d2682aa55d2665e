package dev.reprise.server.node;

import dev.reprise.cluster.checkpoint.CheckpointException;
import dev.reprise.cluster.checkpoint.KeptReplica;
import dev.reprise.cluster.checkpoint.LocalCheckpoints;
import dev.reprise.cluster.checkpoint.Peers;
import dev.reprise.cluster.checkpoint.ReplicaKeeper;
import dev.reprise.cluster.checkpoint.Witness;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.metadata.Forwarder;
import dev.reprise.cluster.metadata.MetadataCommand;
import dev.reprise.cluster.metadata.MetadataReplica;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.cluster.metadata.MetadataUnavailableException;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.RuleBook;
import dev.reprise.server.membership.Metadata;
import dev.reprise.storage.kv.KeyValueStore;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the metadata open, as {@link PartitionKeeper} does a partition, and has it healed the same
 * way. While it is closed, what was known goes on being shown, and changes are refused. Any thread.
 */
final class MetadataKeeper implements Metadata, AutoCloseable {
  private static final Peers NOT_MET_YET =
      new Peers(
          1,
          (log, atLeast) -> {
            throw new CheckpointException("the other nodes have not been met yet");
          },
          (log, index, mine) -> List.of());

  private final ReplicatedLogs logs;
  private final boolean founds;
  private final RandomGenerator random;
  private final ReplicaKeeper<Kept> keeper;

  /** The replica that was opened last: what it knew can be shown when it is closed, too. */
  private volatile @Nullable MetadataReplica last;

  private volatile Registry shown = Registry.EMPTY;
  private volatile ClusterView shownCluster = ClusterView.NOTHING;
  private volatile Forwarder forwarder = Forwarder.NOBODY;
  private volatile Supplier<@Nullable Peers> others;
  private volatile Runnable onCluster = () -> {};
  private volatile Consumer<RuleBook> rulesWatcher = rules -> {};

  /** The replica, and the log that it takes part in. */
  private record Kept(MetadataReplica replica, ReplicatedLog log) implements KeptReplica {
    @Override
    public CompletableFuture<Throwable> failure() {
      return replica.failure();
    }

    /** Its states are not compared: it is small, and its rules are few. */
    @Override
    public Witness witness() {
      return index -> null;
    }

    @Override
    public long index() {
      return replica.applied().index();
    }

    @Override
    public void checkpoint(Path directory) {
      replica.checkpoint(directory);
    }

    @Override
    public void close() {
      log.close();
    }
  }

  /**
   * Opens the metadata.
   *
   * @param alone whether there are no other nodes to heal it
   * @param founds whether this node began the metadata's log
   * @param offers where others get checkpoints of it
   */
  MetadataKeeper(
      Path directory,
      RocksDbResources resources,
      ReplicatedLogs logs,
      boolean alone,
      boolean founds,
      RandomGenerator random,
      LocalCheckpoints offers,
      Executor background) {
    this.logs = logs;
    this.founds = founds;
    this.random = random;
    this.others = () -> alone ? null : NOT_MET_YET;
    this.keeper =
        new ReplicaKeeper<>(
            new ReplicaKeeper.Parts<>(
                "the metadata",
                LogId.METADATA,
                directory,
                path -> RocksDbStore.open(path, resources),
                this::open,
                () -> {},
                () -> others.get(),
                offers,
                background));
    keeper.start();
  }

  private Kept open(KeyValueStore store) {
    MetadataReplica reading = new MetadataReplica(store, random);
    shown = registry();
    shownCluster = cluster();
    last = reading;
    reading.connect(entry -> forwarder.forward(entry), () -> onCluster.run());
    ReplicatedLog running =
        founds ? logs.open(LogId.METADATA, reading) : logs.join(LogId.METADATA, reading);
    reading.connect(running);
    reading.watchRules(rules -> rulesWatcher.accept(rules));
    return new Kept(reading, running);
  }

  private @Nullable MetadataReplica replica() {
    Kept open = keeper.replica();
    return open == null ? null : open.replica();
  }

  /** Never older than what was shown before: a replica just opened may still be reading its log. */
  @Override
  public Registry registry() {
    MetadataReplica newest = last;
    if (newest == null) {
      return shown;
    }
    Registry known = newest.registry();
    return known.version() < shown.version() ? shown : known;
  }

  @Override
  public CompletableFuture<MetadataResult> propose(MetadataCommand command) {
    MetadataReplica open = replica();
    return open != null
        ? open.propose(command)
        : CompletableFuture.failedFuture(
            new MetadataUnavailableException(
                "Expected the metadata to be open, but it is being opened again; the log says"
                    + " why; try again"));
  }

  @Override
  public ClusterView cluster() {
    MetadataReplica newest = last;
    if (newest == null) {
      return shownCluster;
    }
    ClusterView known = newest.cluster();
    return known.version() < shownCluster.version() ? shownCluster : known;
  }

  @Override
  public boolean append(byte[] entry) {
    MetadataReplica open = replica();
    return open != null && open.append(entry);
  }

  /**
   * Connects the other nodes; once.
   *
   * @param healers the other replicas
   * @param onChange called after each change of the cluster's description; must not block
   */
  void connect(Forwarder others, Supplier<@Nullable Peers> healers, Runnable onChange) {
    this.forwarder = others;
    this.others = healers;
    this.onCluster = onChange;
  }

  /**
   * Tells of the rules for limits, now and whenever they change, on the thread that applies, which
   * must not be blocked.
   */
  void watchRules(Consumer<RuleBook> watcher) {
    rulesWatcher = watcher;
    watcher.accept(registry().rules());
  }

  /** Whether this node leads the metadata. */
  @Override
  public boolean leads() {
    MetadataReplica open = replica();
    return open != null && open.leads();
  }

  /** How often it got another node's state. */
  long rebuilds() {
    return keeper.rebuilds();
  }

  /** Makes what was applied survive a crash without the log. Blocks. */
  void flush() {
    MetadataReplica open = replica();
    if (open != null) {
      open.flush();
    }
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
