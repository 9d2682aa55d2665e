package dev.reprise.server.node;

import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.config.ClusterOptions;
import dev.reprise.server.config.ConfigException;
import dev.reprise.server.config.Configuration;
import dev.reprise.server.config.DoorOptions;
import dev.reprise.server.config.HostAndPort;
import dev.reprise.server.config.NodeOptions;
import dev.reprise.server.config.Option;
import dev.reprise.server.config.ReachOptions;
import dev.reprise.server.config.ServiceDefaults;
import dev.reprise.server.config.WorkOptions;
import dev.reprise.server.endpoint.ServiceProtocol;
import dev.reprise.server.grpc.NodeTls;
import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.invoker.InvokerOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the options mean for a node. */
final class NodeConfigs {
  private NodeConfigs() {}

  /**
   * A node's part of what was said.
   *
   * @throws ConfigException where two options do not fit each other
   */
  static NodeConfig from(Configuration said) {
    Path baseDir = said.get(NodeOptions.BASE_DIR);
    String name = said.find(NodeOptions.NODE_NAME);
    HostAndPort ingress = door(said, DoorOptions.INGRESS_ADDRESS, DoorOptions.INGRESS_PORT);
    HostAndPort admin = door(said, DoorOptions.ADMIN_ADDRESS, DoorOptions.ADMIN_PORT);
    HostAndPort grpc = door(said, DoorOptions.GRPC_ADDRESS, DoorOptions.GRPC_PORT);
    HostAndPort node = door(said, DoorOptions.NODE_ADDRESS, DoorOptions.NODE_PORT);
    return new NodeConfig(
        baseDir,
        said.get(NodeOptions.CLUSTER_NAME),
        name != null ? name : NodeNames.nameFor(baseDir),
        said.get(NodeOptions.PARTITIONS),
        new NodeConfig.Hosts(ingress.host(), admin.host(), grpc.host(), node.host()),
        new NodeConfig.Ports(ingress.port(), admin.port(), grpc.port(), node.port()),
        said.get(NodeOptions.EVENT_LOOPS),
        NodeConfig.Logs.DEFAULT.with(said.get(NodeOptions.LOG_WINDOW)),
        said.get(NodeOptions.STORE_MEMORY),
        said.get(WorkOptions.TIMERS_IN_MEMORY),
        said.get(WorkOptions.CLEANUP_INTERVAL),
        said.get(NodeOptions.SCRUB_INTERVAL),
        said.get(NodeOptions.DISK_WATERMARK),
        HttpLimits.DEFAULT.with(
            said.get(DoorOptions.HTTP_REQUEST_TIMEOUT), said.get(DoorOptions.HTTP_IDLE_TIMEOUT)),
        invoker(said),
        new NodeConfig.Endpoints(
            said.find(ReachOptions.IDENTITY_KEY),
            said.find(ReachOptions.ENDPOINT_TRUST),
            said.get(ReachOptions.AWS_EXTERNAL_ID)),
        new NodeConfig.Cluster(
            said.get(ClusterOptions.PEERS),
            said.get(ClusterOptions.AUTO_PROVISION),
            said.get(ClusterOptions.EXPECT_NODES),
            said.get(ClusterOptions.ZONE),
            said.get(ClusterOptions.ADVERTISED_HOST),
            said.get(ClusterOptions.RAFT_PORT),
            said.get(ClusterOptions.INTERNODE_PORT),
            said.get(ClusterOptions.REPLICATION),
            tls(said)));
  }

  private static NodeTls.@Nullable Sources tls(Configuration said) {
    Path certificate = said.find(ClusterOptions.CERTIFICATE);
    Path key = said.find(ClusterOptions.PRIVATE_KEY);
    Path trust = said.find(ClusterOptions.TRUST);
    if (certificate != null && key != null && trust != null) {
      return new NodeTls.Sources(certificate, key, trust);
    }
    List<Option<Path>> all =
        List.of(ClusterOptions.CERTIFICATE, ClusterOptions.PRIVATE_KEY, ClusterOptions.TRUST);
    List<String> missing =
        all.stream().filter(it -> said.find(it) == null).map(Option::key).toList();
    if (missing.size() < all.size()) {
      throw new ConfigException(
          "Expected all of "
              + all.stream().map(Option::key).toList()
              + ", or none, but without "
              + missing);
    }
    return null;
  }

  /** Of an address and a port the one that was said later; an address wins over one as late. */
  private static HostAndPort door(
      Configuration said, Option<HostAndPort> address, Option<Integer> port) {
    HostAndPort whole = said.find(address);
    return whole != null && said.counts(address, port)
        ? whole
        : new HostAndPort(
            whole != null ? whole.host() : said.get(DoorOptions.BIND_HOST), said.get(port));
  }

  private static InvokerOptions invoker(Configuration said) {
    return InvokerOptions.DEFAULTS
        .withClusterName(said.get(NodeOptions.CLUSTER_NAME))
        .withServiceDefaults(serviceDefaults(said))
        .withEagerState(!said.get(WorkOptions.DISABLE_EAGER_STATE))
        .withProtocolVersion(said.get(WorkOptions.PROTOCOL_V7) ? 7 : ServiceProtocol.DEFAULT)
        .withMemory(memory(said));
  }

  private static InvokerOptions.Memory memory(Configuration said) {
    long node = said.get(WorkOptions.INVOKER_MEMORY);
    long start = said.get(WorkOptions.INITIAL_MEMORY);
    try {
      return new InvokerOptions.Memory(
          node,
          Math.toIntExact(start),
          Math.min(said.get(WorkOptions.INVOCATION_MEMORY), node),
          InvokerOptions.Memory.DEFAULT.patience());
    } catch (ArithmeticException e) {
      throw new ConfigException(
          "Expected an invocation's initial memory below 2GiB, but got " + start + " bytes");
    } catch (IllegalArgumentException e) {
      throw new ConfigException(String.valueOf(e.getMessage()));
    }
  }

  private static ServiceOptions serviceDefaults(Configuration said) {
    return new ServiceOptions(
            said.get(ServiceDefaults.INACTIVITY_TIMEOUT),
            said.get(ServiceDefaults.ABORT_TIMEOUT),
            said.get(ServiceDefaults.JOURNAL_RETENTION),
            said.get(ServiceDefaults.IDEMPOTENCY_RETENTION),
            said.get(ServiceDefaults.WORKFLOW_RETENTION),
            null,
            null,
            said.get(ServiceDefaults.RETRY_INITIAL),
            said.get(ServiceDefaults.RETRY_MAX),
            said.get(ServiceDefaults.RETRY_FACTOR),
            said.get(ServiceDefaults.RETRY_ATTEMPTS),
            said.get(ServiceDefaults.RETRY_END))
        .over(ServiceOptions.DEFAULTS);
  }
}
