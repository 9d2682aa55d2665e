package dev.reprise.server.node;

import dev.reprise.cluster.checkpoint.Installation;
import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.PartitionReplicas;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.server.membership.LocalSnapshots;
import dev.reprise.server.membership.LocalSnapshots.Taken;
import dev.reprise.server.membership.Neighbourhood.Confirmed;
import dev.reprise.server.membership.Reports;
import dev.reprise.storage.kv.StorageException;
import dev.reprise.storage.model.LimitRules;
import dev.reprise.storage.table.RuleVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies of partitions on this node: those that the metadata wants here are open, and those
 * that it does not want any more are closed and deleted. Changed by one thread at a time, which may
 * block; looked at by any.
 */
final class Replicas implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Replicas.class);

  /** How often the leader of the metadata must say so before a copy is deleted. */
  private static final int CONFIRMATIONS = 5;

  private final ReplicaId self;
  private final ReplicatedLogs logs;
  private final ReplicaMarks marks;
  private final IntFunction<Path> directories;
  private final Keepers keepers;
  private final Map<Integer, PartitionKeeper> open = new ConcurrentHashMap<>();

  /** Closed copies that may be deleted, and since which confirmation. */
  private final Map<Integer, Long> leaving = new HashMap<>();

  private volatile LimitRules rules = LimitRules.NONE;
  private volatile int ruleVersion = RuleVersion.FIRST;
  private boolean closed;

  /** Makes the keeper of a partition, which opens it. */
  @FunctionalInterface
  interface Keepers {
    PartitionKeeper open(int number, boolean founded);
  }

  Replicas(
      ReplicaId self,
      ReplicatedLogs logs,
      ReplicaMarks marks,
      IntFunction<Path> directories,
      Keepers keepers) {
    this.self = self;
    this.logs = logs;
    this.marks = marks;
    this.directories = directories;
    this.keepers = keepers;
  }

  /** Opens what is to be here, and closes what is not. */
  synchronized void follow(ClusterView view, Confirmed confirmed) {
    if (closed) {
      return;
    }
    ruleVersion = view.rules();
    openWanted(view);
    open.values().forEach(it -> it.raise(ruleVersion));
    for (PartitionReplicas partition : view.partitions()) {
      int number = partition.partition();
      if (partition.replicas().contains(self)) {
        leaving.remove(number);
      } else if (partition.settled() && marks.has(LogId.partition(number))) {
        leave(number, view, confirmed);
      }
    }
  }

  private void openWanted(ClusterView view) {
    List<LogId> first = new ArrayList<>();
    List<LogId> later = new ArrayList<>();
    List<LogId> opened = new ArrayList<>();
    for (PartitionReplicas partition : view.partitions()) {
      if (partition.replicas().contains(self)) {
        // The first version has one copy, on the node that founds: it begins the log.
        (partition.version() == 1 ? first : later).add(LogId.partition(partition.partition()));
      }
    }
    marks.add(first, true);
    marks.add(later, false);
    for (PartitionReplicas partition : view.partitions()) {
      int number = partition.partition();
      if (partition.replicas().contains(self) && !open.containsKey(number)) {
        LogId log = LogId.partition(number);
        try {
          PartitionKeeper keeper = keepers.open(number, marks.founded(log));
          open.put(number, keeper);
          keeper.know(rules);
          opened.add(log);
        } catch (LogException | StorageException e) {
          if (view.members().size() == 1) {
            throw e;
          }
          logger.error("partition {} cannot be opened here, and is tried again", number, e);
        }
      }
    }
    marks.made(opened);
  }

  /**
   * First closed, so that it promises nothing more; then deleted, once the leader of the metadata
   * has said for seconds that nothing newer wants it here.
   */
  private void leave(int number, ClusterView view, Confirmed confirmed) {
    PartitionKeeper keeper = open.remove(number);
    if (keeper != null) {
      logger.info("partition {} has left this node", number);
      keeper.close();
    }
    Long since = leaving.putIfAbsent(number, confirmed.times());
    if (since == null
        || confirmed.times() < since + CONFIRMATIONS
        || confirmed.version() > view.version()) {
      return;
    }
    LogId log = LogId.partition(number);
    logs.delete(log);
    new Installation(directories.apply(number)).delete();
    marks.remove(log);
    leaving.remove(number);
    logger.info("what was left of partition {} is deleted", number);
  }

  /** These rules for limits are known: each copy is told, now or when it is opened. */
  void know(LimitRules newer) {
    rules = newer;
    open.values().forEach(it -> it.know(newer));
  }

  /** The open copy of a partition; null while there is none here. */
  @Nullable Partition partition(int number) {
    PartitionKeeper keeper = open.get(number);
    return keeper == null ? null : keeper.partition();
  }

  /** How the copy of a partition is; null while there is none here. */
  Reports.@Nullable Health health(int number) {
    PartitionKeeper keeper = open.get(number);
    return keeper == null ? null : keeper.health();
  }

  /** Those that are open now, by number. */
  List<Partition> partitions() {
    return open.values().stream()
        .sorted(Comparator.comparingInt(PartitionKeeper::number))
        .map(PartitionKeeper::partition)
        .filter(Objects::nonNull)
        .toList();
  }

  /** A snapshot of the copy of a partition, as {@link LocalSnapshots} has it. Blocks. */
  Taken snapshot(int number) {
    PartitionKeeper keeper = open.get(number);
    LogMembers log = logs.members(LogId.partition(number));
    if (keeper == null || log == null) {
      throw new LogException("Expected an open copy of partition " + number + ", but it is not");
    }
    Taken taken = keeper.snapshot();
    // What cannot be let go of now is tried again by itself, as the log grows.
    log.cut().exceptionally(problem -> null).join();
    return taken;
  }

  /** Has the copy of a partition replaced by another's state; false when it is not open. */
  boolean rebuild(int number) {
    PartitionKeeper keeper = open.get(number);
    return keeper != null && keeper.rebuild();
  }

  /** Reads what is on disk, and stops the copies where that is damaged. Slow. */
  void scrub(BooleanSupplier goOn) {
    open.values().forEach(it -> it.scrub(goOn));
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.values().parallelStream().forEach(PartitionKeeper::close);
    open.clear();
  }
}
