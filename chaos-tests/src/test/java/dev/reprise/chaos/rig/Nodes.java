package dev.reprise.chaos.rig;

import static dev.reprise.chaos.rig.Eventually.eventually;

import dev.reprise.api.admin.v1.ClusterAdminGrpc;
import dev.reprise.api.admin.v1.ClusterAdminGrpc.ClusterAdminBlockingStub;
import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.DescribeClusterRequest;
import dev.reprise.api.admin.v1.PartitionInfo;
import dev.reprise.api.admin.v1.ReplicaInfo;
import dev.reprise.api.admin.v1.TransferLeaderRequest;
import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.invoker.InvokerOptions;
import dev.reprise.server.node.Node;
import dev.reprise.server.node.NodeConfig;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Nodes {@code n1}, {@code n2}, … of one cluster in this JVM, with real ports and files: they can
 * be given sizes that no flag has. Each keeps its directory and its ports over a restart. To be
 * used by one thread.
 */
public final class Nodes implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);
  private static final String HOST = "127.0.0.1";

  /** Node, Raft, node-to-node; then gRPC, ingress and admin. */
  private static final int PORTS_PER_NODE = 6;

  private final Path directory;
  private final NodeConfig.Logs logs;
  private final Duration scrub;
  private final List<Integer> ports = new ArrayList<>();
  private final Map<Integer, Node> running = new HashMap<>();

  /**
   * Starts nothing yet.
   *
   * @param scrub how often they read all that is on disk
   */
  public Nodes(Path directory, int count, NodeConfig.Logs logs, Duration scrub) {
    this.directory = directory;
    this.logs = logs;
    this.scrub = scrub;
    for (int node = 0; node < count; node++) {
      ports.add(Ports.run(PORTS_PER_NODE));
    }
  }

  /** Starts all at once, and returns when each serves and all have a copy of everything. */
  public void startAll() {
    ExecutorService starters = Executors.newCachedThreadPool();
    try {
      Map<Integer, CompletableFuture<Node>> starting = new HashMap<>();
      for (int node = 1; node <= ports.size(); node++) {
        NodeConfig config = config(node);
        starting.put(node, CompletableFuture.supplyAsync(() -> Node.start(config), starters));
      }
      starting.forEach(
          (node, started) ->
              running.put(node, started.orTimeout(START.toSeconds(), TimeUnit.SECONDS).join()));
    } finally {
      starters.shutdownNow();
    }
    awaitWhole();
  }

  /** Starts a node, and returns when it serves. */
  public void start(int node) {
    running.put(node, Node.start(config(node)));
  }

  /** Ends a node in order. */
  public void stop(int node) {
    Node ending = running.remove(node);
    if (ending != null) {
      ending.close();
    }
  }

  private int port(int node) {
    return ports.get(node - 1);
  }

  private NodeConfig config(int node) {
    List<String> peers = ports.stream().map(it -> HOST + ":" + it).toList();
    return new NodeConfig(
        home(node),
        "demo",
        "n" + node,
        0,
        NodeConfig.Hosts.all(HOST),
        new NodeConfig.Ports(port(node) + 4, port(node) + 5, port(node) + 3, port(node)),
        1,
        logs,
        16L << 20,
        4_096,
        Duration.ofMinutes(1),
        scrub,
        1L << 20,
        HttpLimits.DEFAULT,
        InvokerOptions.DEFAULTS.withClusterName("demo"),
        NodeConfig.Endpoints.PLAIN,
        NodeConfig.Cluster.among(peers));
  }

  /** Everything durable of a node. */
  public Path home(int node) {
    return directory.resolve("n" + node);
  }

  public IngressClient ingress(int node) {
    return new IngressClient(URI.create("http://" + HOST + ":" + (port(node) + 4)));
  }

  public AdminClient admin(int node) {
    return new AdminClient(
        URI.create("http://" + HOST + ":" + (port(node) + 5)), HOST + ":" + (port(node) + 3));
  }

  /** Host and port of a node's gRPC door. */
  public String grpc(int node) {
    return HOST + ":" + (port(node) + 3);
  }

  /** Those that run. */
  public List<Integer> up() {
    return IntStream.rangeClosed(1, ports.size()).filter(running::containsKey).boxed().toList();
  }

  /** What a node knows of the cluster. */
  public ClusterDescription describe(int node) {
    return ask(node, stub -> stub.describeCluster(DescribeClusterRequest.getDefaultInstance()));
  }

  /** Asks a node's admin service. */
  public <T> T ask(int node, Function<ClusterAdminBlockingStub, T> question) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(HOST, port(node) + 3).usePlaintext().build();
    try {
      return question.apply(
          ClusterAdminGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS));
    } finally {
      channel.shutdownNow();
    }
  }

  /** Waits until what a node knows satisfies. */
  public ClusterDescription await(
      int node, Duration deadline, String what, Predicate<ClusterDescription> wanted) {
    return eventually(
        deadline,
        () -> {
          ClusterDescription seen = describe(node);
          if (!wanted.test(seen)) {
            throw new AssertionError("Expected " + what + ", but " + seen);
          }
          return seen;
        });
  }

  /** Waits until every node that runs has an open copy of every partition, and all are led. */
  public ClusterDescription awaitWhole() {
    List<Integer> up = up();
    return await(
        up.getFirst(),
        START,
        "an open copy of everything on " + up,
        seen ->
            seen.getMetadataVotersCount() >= up.size()
                && seen.getPartitionsList().stream().allMatch(it -> isWhole(seen, it, up)));
  }

  private static boolean isWhole(
      ClusterDescription seen, PartitionInfo partition, List<Integer> up) {
    Map<Integer, Boolean> open =
        partition.getReplicasList().stream()
            .collect(Collectors.toMap(it -> it.getNode(), it -> it.getOpen()));
    return partition.getSettled()
        && partition.getLeader() != 0
        && up.stream().allMatch(it -> open.getOrDefault(id(seen, it), false));
  }

  /** The cluster's number of a node: they join in any order. */
  public static int id(ClusterDescription seen, int node) {
    return Neighbours.named(seen, "n" + node).getId();
  }

  /** The node that the cluster has this number for. */
  public static int of(ClusterDescription seen, int id) {
    return seen.getNodesList().stream()
        .filter(it -> it.getId() == id)
        .map(it -> Integer.parseInt(it.getName().substring(1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Expected a node " + id + ", but " + seen));
  }

  /** A node's replica of a partition. */
  public static ReplicaInfo replica(ClusterDescription seen, int partition, int node) {
    int id = id(seen, node);
    return seen.getPartitions(partition).getReplicasList().stream()
        .filter(it -> it.getNode() == id)
        .findFirst()
        .orElseThrow(() -> new AssertionError("Expected a replica on N" + id + ", but " + seen));
  }

  /** Makes this node lead the partition. */
  public void lead(int node, int partition) {
    int asked = up().getFirst();
    eventually(
        START,
        () -> {
          int id = id(describe(asked), node);
          TransferLeaderRequest request =
              TransferLeaderRequest.newBuilder().setPartition(partition).setTo(id).build();
          if (!ask(asked, stub -> stub.transferLeader(request)).getDone()) {
            throw new AssertionError("Expected n" + node + " to lead partition " + partition);
          }
        });
  }

  @Override
  public void close() {
    try (ExecutorService enders = Executors.newCachedThreadPool()) {
      running.values().forEach(it -> enders.execute(it::close));
    }
    running.clear();
  }
}
