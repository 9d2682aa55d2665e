package dev.reprise.server.node;

import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import dev.reprise.storage.kv.rocksdb.RocksDbStore;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one partition open. When its log or its store cannot go on (a full disk), it is closed and
 * opened again until that works; meanwhile the router sends nobody there, and the other partitions
 * go on. What was acknowledged is in the log and is found again.
 */
final class PartitionKeeper implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(PartitionKeeper.class);

  private final int number;
  private final Path directory;
  private final RocksDbResources resources;
  private final Function<Replica, ReplicatedLog> opener;
  private final Partition.Environment environment;
  private final PartitionRouter router;
  private final Executor background;

  private @Nullable RocksDbStore store;

  /** Runs when the open partition stops. */
  private @Nullable CompletableFuture<Void> watch;

  private volatile @Nullable Partition partition;
  private volatile boolean closed;

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
      PartitionRouter router) {
    this.number = number;
    this.directory = directory;
    this.resources = resources;
    this.opener = opener;
    this.environment = environment;
    this.router = router;
    this.background = environment.background();
    open();
  }

  private synchronized void open() {
    if (closed) {
      return;
    }
    RocksDbStore opened = RocksDbStore.open(directory, resources);
    try {
      Partition running = Partition.open(number, opened, opener, environment);
      store = opened;
      partition = running;
      router.open(running);
      watch = running.failure().thenAcceptAsync(this::reopen, background);
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
    logger.error("partition {} stopped, and is opened again: {}", number, cause.toString());
    router.close(number);
    shut();
    Reopening.untilOpen("partition " + number, () -> !closed, this::open);
  }

  private synchronized void shut() {
    Partition running = partition;
    partition = null;
    if (running != null) {
      running.close();
    }
    if (watch != null) {
      watch.cancel(false);
      watch = null;
    }
    RocksDbStore opened = store;
    store = null;
    if (opened != null) {
      try {
        opened.close();
      } catch (StorageException e) {
        // What it could not write is in the log.
        logger.warn("the store of partition {} did not close in order", number, e);
      }
    }
  }

  /** The open partition; null while there is none. */
  @Nullable Partition partition() {
    return partition;
  }

  int number() {
    return number;
  }

  @Override
  public void close() {
    closed = true;
    router.close(number);
    shut();
  }
}
