package dev.reprise.server.node;

import dev.reprise.cluster.partition.Partition;
import dev.reprise.cluster.partition.PartitionCounters;
import dev.reprise.server.admin.AdminApi;
import dev.reprise.server.admin.AdminInfo;
import dev.reprise.server.admin.DeploymentEdits;
import dev.reprise.server.admin.Discovery;
import dev.reprise.server.admin.InvocationsApi;
import dev.reprise.server.admin.LimitsApi;
import dev.reprise.server.admin.Registrations;
import dev.reprise.server.admin.RegistryViews;
import dev.reprise.server.admin.StateApi;
import dev.reprise.server.gateway.HttpGateway;
import dev.reprise.server.grpc.GrpcAdmin;
import dev.reprise.server.grpc.GrpcDoor;
import dev.reprise.server.grpc.GrpcIngress;
import dev.reprise.server.http.HttpHandler;
import dev.reprise.server.http.HttpServer;
import dev.reprise.server.ingress.Requests;
import dev.reprise.server.invoker.InvokerCounters;
import dev.reprise.server.membership.Reports;
import dev.reprise.server.metrics.NodeMetrics;
import dev.reprise.server.operations.Inspections;
import dev.reprise.server.operations.InvocationOperations;
import dev.reprise.server.operations.LimitLevels;
import dev.reprise.server.operations.Pins;
import dev.reprise.server.operations.StateEdits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/** Everything of a node that listens. */
final class Doors implements AutoCloseable {
  private static final int REQUESTS_WAITING = 100_000;

  /** For clients that come back within this time to be told to go elsewhere. */
  private static final Duration LEAVES = Duration.ofSeconds(2);

  private static final Duration BETWEEN = Duration.ofMillis(10);

  private final Closing closing;
  private final Addresses addresses;
  private final List<HttpServer> http;
  private final Runnable refer;

  /** Where the doors are. */
  public record Addresses(String ingress, String admin, String grpc, String node) {}

  private Doors(Closing closing, Addresses addresses, List<HttpServer> http, Runnable refer) {
    this.closing = closing;
    this.addresses = addresses;
    this.http = http;
    this.refer = refer;
  }

  /** Opens all doors, the ingress last: whoever is let in is served. */
  static Doors open(NodeConfig config, Node node) throws IOException {
    Closing closing = new Closing();
    try {
      return open(config, node, closing);
    } catch (IOException | RuntimeException e) {
      closing.close();
      throw e;
    }
  }

  private static Doors open(NodeConfig config, Node node, Closing closing) throws IOException {
    HttpServer.Loops loops =
        new HttpServer.Loops(
            node.loops().group(), node.loops().group(), node.loops().serverChannel());
    Requests requests =
        new Requests(
            node.metadata()::registry,
            node.cluster().catchingUp(),
            node.router(),
            node.newInvocations(),
            InstantSource.system(),
            REQUESTS_WAITING);
    HttpGateway gateway = new HttpGateway(requests);
    NodeMetrics metrics = node.metrics();
    measure(metrics, gateway, requests, node);
    measure(metrics, node.invokers().counters());
    metrics.gauge(
        "restate_memory_pool_usage_bytes",
        "Bytes that running attempts hold",
        node.invokers().memory()::used,
        "name",
        "invoker");
    NodeConfig.Ports ports = config.ports();
    Inspections inspections = new Inspections(node.router());
    NodeConfig.Hosts hosts = config.hosts();
    GrpcDoor grpc =
        closing.add(
            GrpcDoor.start(
                new InetSocketAddress(hosts.grpc(), ports.grpc()),
                List.of(
                    new GrpcIngress(requests),
                    new GrpcAdmin(
                        inspections,
                        inspections,
                        operations(node),
                        stateEdits(node),
                        new LimitLevels(() -> node.metadata().registry().rules(), node.router()),
                        requests.afresh()),
                    node.cluster().admin())));
    HttpServer ingress =
        closing.add(listen(loops, config, hosts.ingress(), ports.ingress(), gateway));
    HttpServer admin =
        closing.add(
            listen(
                loops,
                config,
                hosts.admin(),
                ports.admin(),
                admin(config, node, metrics, url(ingress.address()) + "/")));
    return new Doors(
        closing,
        new Addresses(
            url(ingress.address()),
            url(admin.address()),
            "127.0.0.1:" + grpc.port(),
            url(node.nodeDoor().address())),
        List.of(ingress, admin),
        () -> {
          gateway.leave();
          grpc.leave();
        });
  }

  /** Asks clients to go to other nodes; whoever comes is served all the same. Any thread. */
  void leave() {
    refer.run();
    http.forEach(HttpServer::leave);
  }

  /** Waits until no client is there any more, but not long: some only keep a connection. */
  void awaitLeft() {
    long end = System.nanoTime() + LEAVES.toNanos();
    while (System.nanoTime() < end && http.stream().anyMatch(it -> it.connections() > 0)) {
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
  }

  private static HttpHandler admin(
      NodeConfig config, Node node, NodeMetrics metrics, String ingress) {
    Discovery discovery = EndpointDiscoveries.over(node.discovery(config.clusterName()));
    RegistryViews views =
        new RegistryViews(node.metadata()::registry, config.invoker().serviceDefaults());
    Registrations registrations =
        new Registrations(node.metadata(), discovery, views, InstantSource.system(), node.random());
    Set<String> features =
        config.invoker().protocolVersion() >= 7
            ? Set.of("invoker_yield", "protocol_v7")
            : Set.of("invoker_yield");
    AdminInfo info =
        new AdminInfo(
            Version.text(),
            config.clusterName(),
            ingress,
            features,
            node.cluster()::metadataVoters);
    Inspections inspections = new Inspections(node.router());
    DeploymentEdits edits =
        new DeploymentEdits(
            node.metadata(),
            discovery,
            views,
            deployment -> inspections.uses(deployment, node.metadata().registry().version()),
            node.background());
    return new AdminApi(
        info,
        registrations,
        edits,
        new InvocationsApi(operations(node)),
        new StateApi(stateEdits(node)),
        new LimitsApi(
            node.metadata(), InstantSource.system(), inspections::follow, node.background()),
        views,
        metrics,
        node.background(),
        node.cluster().catchingUp());
  }

  private static InvocationOperations operations(Node node) {
    return new InvocationOperations(
        node.router(), node.newInvocations(), new Pins(node.metadata()::registry));
  }

  private static StateEdits stateEdits(Node node) {
    return new StateEdits(node.metadata()::registry, node.router(), node.newInvocations());
  }

  private static HttpServer listen(
      HttpServer.Loops loops, NodeConfig config, String host, int port, HttpHandler handler)
      throws IOException {
    return HttpServer.start(loops, new InetSocketAddress(host, port), handler, config.http());
  }

  private static void measure(
      NodeMetrics metrics, HttpGateway gateway, Requests requests, Node node) {
    metrics.counter(
        "reprise_gateway_requests", "Requests of the public HTTP API", gateway::requests);
    metrics.gauge(
        "reprise_gateway_waiting_requests",
        "Requests that wait for an answer, of all doors",
        () -> requests.waiting().count());
    for (int number = 0; number < node.metadata().cluster().partitions().size(); number++) {
      measure(metrics, node.replicas(), number);
    }
  }

  private static void measure(NodeMetrics metrics, Replicas replicas, int number) {
    String label = Integer.toString(number);
    metrics.counter(
        "reprise_partition_entries",
        "Log entries proposed",
        () -> count(replicas, number, PartitionCounters::entries),
        "partition",
        label);
    metrics.counter(
        "reprise_partition_commands",
        "Commands proposed",
        () -> count(replicas, number, PartitionCounters::commands),
        "partition",
        label);
    metrics.counter(
        "reprise_partition_refusals",
        "Requests that were not admitted",
        () -> count(replicas, number, PartitionCounters::refusals),
        "partition",
        label);
    metrics.counter(
        "reprise_partition_rebuilds",
        "How often another replica's state was put in place of this one's",
        () -> rebuilds(replicas, number),
        "partition",
        label);
    metrics.gauge(
        "reprise_partition_open",
        "1 while this node's replica takes part, 0 while it cannot or there is none",
        () -> replicas.partition(number) == null ? 0 : 1,
        "partition",
        label);
  }

  private static long rebuilds(Replicas replicas, int number) {
    Reports.Health health = replicas.health(number);
    return health == null ? 0 : health.rebuilds();
  }

  /** 0 while the partition is not open here. */
  private static long count(
      Replicas replicas, int number, ToLongFunction<PartitionCounters> counter) {
    Partition open = replicas.partition(number);
    return open == null ? 0 : counter.applyAsLong(open.counters());
  }

  private static void measure(NodeMetrics metrics, InvokerCounters invoker) {
    metrics.counter("reprise_invoker_attempts", "Attempts begun", invoker::attempts);
    metrics.gauge("reprise_invoker_running_attempts", "Attempts that run now", invoker::running);
    metrics.gauge(
        "reprise_invoker_ready_invocations",
        "Invocations that wait for an attempt to end",
        invoker::ready);
    metrics.gauge(
        "reprise_invoker_waiting_retries",
        "Invocations that wait for their next attempt",
        invoker::backingOff);
  }

  private static String url(InetSocketAddress address) {
    // The wildcard is where it listens, not where anybody reaches it.
    return "http://127.0.0.1:" + address.getPort();
  }

  Addresses addresses() {
    return addresses;
  }

  @Override
  public void close() {
    closing.close();
  }
}
