package dev.reprise.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Options of the node as a whole. */
public final class NodeOptions {
  public static final Option<Path> BASE_DIR =
      Option.of(
          "base-dir", "base-dir", OptionType.PATH, "reprise-data", "everything durable is below");
  public static final Option<String> CLUSTER_NAME =
      Option.of(
          "cluster-name",
          "cluster-name",
          OptionType.TEXT,
          "localcluster",
          "all nodes of a cluster have the same");
  public static final Option<String> NODE_NAME =
      Option.of(
          "node-name",
          "node-name",
          OptionType.TEXT,
          null,
          "its own in the cluster; without it the directory's, or for a new one the host's name");
  public static final Option<Integer> PARTITIONS =
      Option.of(
          "default-num-partitions",
          "partitions",
          OptionType.number(0, 1_024),
          "0",
          "of a new cluster; fixed from then on; 0 takes 2");
  public static final Option<Integer> EVENT_LOOPS =
      Option.of(
              "event-loops",
              "event-loops",
              OptionType.number(0, 1_024),
              "0",
              "threads of the hot path; 0 for one per core, up to four")
          .also("default-thread-pool-size");
  public static final Option<Integer> LOG_WINDOW =
      Option.of(
          "log-window",
          "log-window",
          OptionType.number(1, 1_024),
          "4",
          "log entries in flight per partition");
  public static final Option<Long> STORE_MEMORY =
      Option.of(
          "rocksdb-total-memory-size",
          "store-memory",
          OptionType.size(8L << 20),
          "64MiB",
          "block cache and memtables of all partitions");
  public static final Option<Long> DISK_WATERMARK =
      Option.of(
          "disk-watermark",
          "disk-watermark",
          OptionType.size(1L << 20),
          "64MiB",
          "free space below which new work is refused");
  public static final Option<Duration> SCRUB_INTERVAL =
      Option.of(
          "scrub-interval",
          "scrub-interval",
          OptionType.positiveDuration(),
          "6h",
          "how often all that is on disk is read, so that damage is found before it is needed");

  static final Catalogue.Section ALL =
      new Catalogue.Section(
          "The node",
          List.of(
              BASE_DIR,
              CLUSTER_NAME,
              NODE_NAME,
              PARTITIONS,
              EVENT_LOOPS,
              LOG_WINDOW,
              STORE_MEMORY,
              DISK_WATERMARK,
              SCRUB_INTERVAL));

  private NodeOptions() {}
}
