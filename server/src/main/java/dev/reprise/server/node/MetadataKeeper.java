package dev.reprise.server.node;

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
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the metadata open, as {@link PartitionKeeper} does a partition. While it is closed, the
 * registry that was known goes on being shown, and changes are refused. Any thread.
 */
final class MetadataKeeper implements Metadata, AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(MetadataKeeper.class);

  private final Path directory;
  private final RocksDbResources resources;
  private final ReplicatedLogs logs;
  private final boolean founds;
  private final RandomGenerator random;
  private final Executor background;

  private @Nullable RocksDbStore store;
  private @Nullable ReplicatedLog log;

  /** Runs when the open replica stops. */
  private @Nullable CompletableFuture<Void> watch;

  private volatile @Nullable MetadataReplica replica;
  private volatile Registry shown = Registry.EMPTY;
  private volatile ClusterView shownCluster = ClusterView.NOTHING;
  private volatile Forwarder forwarder = Forwarder.NOBODY;
  private volatile Runnable onCluster = () -> {};
  private volatile Consumer<RuleBook> rulesWatcher = rules -> {};
  private volatile boolean closed;

  /**
   * Opens the metadata.
   *
   * @param founds whether this node began the metadata's log
   */
  MetadataKeeper(
      Path directory,
      RocksDbResources resources,
      ReplicatedLogs logs,
      boolean founds,
      RandomGenerator random,
      Executor background) {
    this.directory = directory;
    this.resources = resources;
    this.logs = logs;
    this.founds = founds;
    this.random = random;
    this.background = background;
    open();
  }

  private synchronized void open() {
    if (closed) {
      return;
    }
    RocksDbStore opened = RocksDbStore.open(directory, resources);
    try {
      MetadataReplica reading = new MetadataReplica(opened, random);
      reading.connect(entry -> forwarder.forward(entry), () -> onCluster.run());
      ReplicatedLog running =
          founds ? logs.open(LogId.METADATA, reading) : logs.join(LogId.METADATA, reading);
      reading.connect(running);
      reading.watchRules(rulesWatcher);
      store = opened;
      log = running;
      replica = reading;
      watch = reading.failure().thenAcceptAsync(this::reopen, background);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** Runs on a thread of its own, for as long as it takes. */
  private void reopen(Throwable cause) {
    if (closed) {
      return;
    }
    logger.error("the metadata stopped, and is opened again: {}", cause.toString());
    shut();
    Reopening.untilOpen("the metadata", () -> !closed, this::open);
  }

  private synchronized void shut() {
    shown = registry();
    shownCluster = cluster();
    replica = null;
    if (watch != null) {
      watch.cancel(false);
      watch = null;
    }
    if (log != null) {
      log.close();
      log = null;
    }
    if (store != null) {
      try {
        store.close();
      } catch (StorageException e) {
        // What it could not write is in the log.
        logger.warn("the store of the metadata did not close in order", e);
      }
      store = null;
    }
  }

  /** Never older than what was shown before: a replica just opened may still be reading its log. */
  @Override
  public Registry registry() {
    MetadataReplica open = replica;
    if (open == null) {
      return shown;
    }
    Registry known = open.registry();
    return known.version() < shown.version() ? shown : known;
  }

  @Override
  public CompletableFuture<MetadataResult> propose(MetadataCommand command) {
    MetadataReplica open = replica;
    return open != null
        ? open.propose(command)
        : CompletableFuture.failedFuture(
            new MetadataUnavailableException(
                "Expected the metadata to be open, but it is being opened again; the log says"
                    + " why; try again"));
  }

  @Override
  public ClusterView cluster() {
    MetadataReplica open = replica;
    if (open == null) {
      return shownCluster;
    }
    ClusterView known = open.cluster();
    return known.version() < shownCluster.version() ? shownCluster : known;
  }

  @Override
  public boolean append(byte[] entry) {
    MetadataReplica open = replica;
    return open != null && open.append(entry);
  }

  /**
   * Connects the other nodes; once.
   *
   * @param onChange called after each change of the cluster's description; must not block
   */
  void connect(Forwarder others, Runnable onChange) {
    forwarder = others;
    onCluster = onChange;
  }

  /**
   * Tells of the rules for limits, now and whenever they change, on the thread that applies, which
   * must not be blocked.
   */
  synchronized void watchRules(Consumer<RuleBook> watcher) {
    rulesWatcher = watcher;
    MetadataReplica open = replica;
    if (open != null) {
      open.watchRules(watcher);
    }
  }

  /** Whether this node leads the metadata. */
  @Override
  public boolean leads() {
    MetadataReplica open = replica;
    return open != null && open.leads();
  }

  /** Makes what was applied survive a crash without the log. Blocks. */
  void flush() {
    MetadataReplica open = replica;
    if (open != null) {
      open.flush();
    }
  }

  @Override
  public void close() {
    closed = true;
    shut();
  }
}
