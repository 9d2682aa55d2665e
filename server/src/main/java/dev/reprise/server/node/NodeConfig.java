package dev.reprise.server.node;

import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.invoker.InvokerOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a node is told when it starts.
 *
 * @param baseDir everything durable is below
 * @param partitions how many a new cluster gets; 0 takes the default, an existing one keeps its own
 * @param hosts where the doors listen
 * @param loops event loops; 0 for one per core, up to four
 * @param memoryBytes for the store: block cache and memtables of all partitions
 * @param diskWatermarkBytes free space below which new work is refused
 * @param http what the HTTP ports take, and how long they wait
 * @param invoker how attempts are made, and what holds where a service says nothing
 * @param endpoints how service endpoints are reached
 */
public record NodeConfig(
    Path baseDir,
    String clusterName,
    String nodeName,
    int partitions,
    Hosts hosts,
    Ports ports,
    int loops,
    int window,
    long memoryBytes,
    int timersInMemory,
    Duration cleanupInterval,
    long diskWatermarkBytes,
    HttpLimits http,
    InvokerOptions invoker,
    Endpoints endpoints) {
  /** Names or addresses to listen on, of each door. */
  public record Hosts(String ingress, String admin, String grpc, String node) {
    /** The same for all. */
    public static Hosts all(String host) {
      return new Hosts(host, host, host, host);
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
        4,
        64L << 20,
        4_096,
        Duration.ofMinutes(1),
        64L << 20,
        HttpLimits.DEFAULT,
        InvokerOptions.DEFAULTS,
        Endpoints.PLAIN);
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
        window,
        memoryBytes,
        timersInMemory,
        cleanupInterval,
        diskWatermarkBytes,
        http,
        invoker,
        endpoints);
  }
}
