package dev.reprise.server.node;

import dev.reprise.cluster.log.ratis.RatisSettings.Tuning;
import dev.reprise.cluster.partition.PartitionSettings;
import dev.reprise.server.grpc.NodeTls;
import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.invoker.InvokerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a node is told when it starts.
 *
 * @param baseDir everything durable is below
 * @param partitions how many a new cluster gets; 0 takes the default, an existing one keeps its own
 * @param hosts where the doors listen
 * @param loops event loops; 0 for one per core, up to four
 * @param logs how logs are written and kept
 * @param memoryBytes for the store: block cache and memtables of all partitions
 * @param cleanupInterval how often retention is looked after
 * @param scrubInterval how often all that is on disk is read to be checked
 * @param diskWatermarkBytes free space below which new work is refused
 * @param http what the HTTP ports take, and how long they wait
 * @param invoker how attempts are made, and what holds where a service says nothing
 * @param endpoints how service endpoints are reached
 * @param cluster how it finds other nodes
 */
public record NodeConfig(
    Path baseDir,
    String clusterName,
    String nodeName,
    int partitions,
    Hosts hosts,
    Ports ports,
    int loops,
    Logs logs,
    long memoryBytes,
    int timersInMemory,
    Duration cleanupInterval,
    Duration scrubInterval,
    long diskWatermarkBytes,
    HttpLimits http,
    InvokerOptions invoker,
    Endpoints endpoints,
    Cluster cluster) {
  /** Names or addresses to listen on, of each door. */
  public record Hosts(String ingress, String admin, String grpc, String node) {
    /** The same for all. */
    public static Hosts all(String host) {
      return new Hosts(host, host, host, host);
    }
  }

  /**
   * How logs are written and kept.
   *
   * @param window entries in flight per partition
   * @param flushBytes of entries applied before a store is made durable
   * @param tuning sizes and times
   */
  public record Logs(int window, long flushBytes, Tuning tuning) {
    /** What a node uses. */
    public static final Logs DEFAULT = new Logs(4, PartitionSettings.FLUSH_BYTES, Tuning.DEFAULT);

    /** The same with so many entries in flight. */
    public Logs with(int entries) {
      return new Logs(entries, flushBytes, tuning);
    }
  }

  /** Ports; 0 picks a free one. */
  public record Ports(int ingress, int admin, int grpc, int node) {
    /** A free port for each door. */
    public static final Ports ANY = new Ports(0, 0, 0, 0);
  }

  /**
   * How service endpoints are reached.
   *
   * @param identityKey file with the private key that requests are signed with; null for unsigned
   * @param trust file with certificates to be believed beside the platform's; null for none
   * @param externalId told to AWS when a role is taken; empty for none
   */
  public record Endpoints(@Nullable Path identityKey, @Nullable Path trust, String externalId) {
    /** Unsigned, and as the platform has it. */
    public static final Endpoints PLAIN = new Endpoints(null, null, "");
  }

  /**
   * How the node finds others, and is found.
   *
   * @param peers node ports of other nodes, or {@code dns:NAME}; none for a node that is alone
   * @param autoProvision whether it may found a cluster when it finds none
   * @param expectedNodes of which most must say that there is none; 0 for those that are known
   * @param zone where it fails together with others; empty where nobody says
   * @param advertisedHost what others call its host by; empty for what the peers have for its port
   * @param raftPort and {@code internodePort}: 0 for the node port's next two
   * @param replication copies of each partition of a new cluster; 0 for as many as there are nodes,
   *     up to three
   * @param tls where certificates for other nodes stand; null where nodes speak plainly
   */
  public record Cluster(
      List<String> peers,
      boolean autoProvision,
      int expectedNodes,
      String zone,
      String advertisedHost,
      int raftPort,
      int internodePort,
      int replication,
      NodeTls.@Nullable Sources tls) {
    /** Alone. */
    public static final Cluster ALONE = new Cluster(List.of(), false, 0, "", "", 0, 0, 0, null);

    public Cluster {
      peers = List.copyOf(peers);
    }

    /** One of those that found a cluster by themselves, speak plainly and use the usual ports. */
    public static Cluster among(List<String> peers) {
      return new Cluster(peers, true, 0, "", "", 0, 0, 0, null);
    }
  }

  /** Where nodes are listened to. */
  public String bindHost() {
    return hosts.node();
  }

  /** What holds where nothing is said. */
  public static NodeConfig at(Path baseDir) {
    return new NodeConfig(
        baseDir,
        "localcluster",
        "n1",
        0,
        Hosts.all("0.0.0.0"),
        new Ports(8080, 9070, 9071, 5122),
        0,
        Logs.DEFAULT,
        64L << 20,
        4_096,
        Duration.ofMinutes(1),
        Duration.ofHours(6),
        64L << 20,
        HttpLimits.DEFAULT,
        InvokerOptions.DEFAULTS,
        Endpoints.PLAIN,
        Cluster.ALONE);
  }

  public NodeConfig with(Ports other) {
    return new NodeConfig(
        baseDir,
        clusterName,
        nodeName,
        partitions,
        hosts,
        other,
        loops,
        logs,
        memoryBytes,
        timersInMemory,
        cleanupInterval,
        scrubInterval,
        diskWatermarkBytes,
        http,
        invoker,
        endpoints,
        cluster);
  }
}
