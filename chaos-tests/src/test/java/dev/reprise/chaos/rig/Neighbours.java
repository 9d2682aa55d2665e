package dev.reprise.chaos.rig;

import static dev.reprise.chaos.rig.Eventually.eventually;

import dev.reprise.api.admin.v1.ClusterAdminGrpc;
import dev.reprise.api.admin.v1.ClusterAdminGrpc.ClusterAdminBlockingStub;
import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.DescribeClusterRequest;
import dev.reprise.api.admin.v1.NodeInfo;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Real servers that form one cluster on this machine: nodes {@code n1}, {@code n2}, … with the same
 * list of peers. Each keeps its directory and its ports over a restart. To be used by one thread.
 */
public final class Neighbours implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(4);

  private final Path directory;
  private final String cluster;
  private final int listed;
  private final Map<Integer, Ports> ports = new HashMap<>();
  private final Map<Integer, JavaProcess> running = new HashMap<>();

  /** What each said when it was ready; its tail may have lost it. */
  private final Map<Integer, String> ready = new HashMap<>();

  private record Ports(int node, int grpc) {}

  /**
   * Starts nothing yet.
   *
   * @param listed how many of the nodes are in the list of peers
   */
  public Neighbours(Path directory, String cluster, int listed) {
    this.directory = directory;
    this.cluster = cluster;
    this.listed = listed;
    for (int node = 1; node <= listed + 1; node++) {
      ports.put(node, freePorts());
    }
  }

  /** A node port with two free ones behind it, and one more. */
  private static Ports freePorts() {
    for (int attempt = 0; attempt < 100; attempt++) {
      List<ServerSocket> sockets = new ArrayList<>();
      try {
        // Below the ports that connections going out are given.
        ServerSocket first = bind(ThreadLocalRandom.current().nextInt(10_000, 32_000));
        sockets.add(first);
        sockets.add(bind(first.getLocalPort() + 1));
        sockets.add(bind(first.getLocalPort() + 2));
        ServerSocket other = bind(first.getLocalPort() + 3);
        sockets.add(other);
        return new Ports(first.getLocalPort(), other.getLocalPort());
      } catch (IOException | IllegalArgumentException taken) {
        // Another three.
      } finally {
        sockets.forEach(Neighbours::close);
      }
    }
    throw new AssertionError("Expected three free ports in a row, but found none");
  }

  private static ServerSocket bind(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a node, and returns before it serves. */
  public JavaProcess launch(int node, String... more) {
    return launchAs(node, cluster, "n" + node, more);
  }

  /** The same under another name, or for another cluster. */
  public JavaProcess launchAs(int node, String clusterName, String name, String... more) {
    List<String> jvm =
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms32m",
            "-Xmx256m",
            "-Dio.netty.noUnsafe=false",
            "-cp",
            JavaProcess.productClassPath());
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "server",
                "--base-dir",
                home(node).toString(),
                "--bind-host",
                "127.0.0.1",
                "--cluster-name",
                clusterName,
                "--node-name",
                name,
                "--node-port",
                Integer.toString(port(node)),
                "--grpc-port",
                Integer.toString(ports(node).grpc()),
                "--ingress-port",
                "0",
                "--admin-port",
                "0",
                "--peers",
                peers()));
    arguments.addAll(List.of(more));
    JavaProcess process =
        JavaProcess.start("n" + node, jvm, "dev.reprise.server.node.Main", arguments);
    running.put(node, process);
    ready.remove(node);
    return process;
  }

  private Ports ports(int node) {
    Ports found = ports.get(node);
    if (found == null) {
      throw new AssertionError("Expected a node from 1 to " + ports.size() + ", but got " + node);
    }
    return found;
  }

  /** Its node port. */
  public int port(int node) {
    return ports(node).node();
  }

  private String peers() {
    List<String> all = new ArrayList<>();
    for (int node = 1; node <= listed; node++) {
      all.add("127.0.0.1:" + port(node));
    }
    return String.join(",", all);
  }

  /** Everything durable of a node. */
  public Path home(int node) {
    return directory.resolve("n" + node);
  }

  /** Starts all that are listed, the last one first, and returns when each serves. */
  public void launchAll(String... more) {
    String[] flags = Arrays.copyOf(more, more.length + 1);
    flags[more.length] = "--auto-provision";
    for (int node = listed; node >= 1; node--) {
      launch(node, flags);
    }
    for (int node = 1; node <= listed; node++) {
      awaitReady(node);
    }
  }

  public String awaitReady(int node) {
    return ready.computeIfAbsent(
        node, it -> process(node).awaitLine(line -> line.startsWith("ready "), START));
  }

  /** Where clients ask a node that serves. */
  public IngressClient ingress(int node) {
    return new IngressClient(URI.create(word(node, "ingress")));
  }

  /** Where operators ask it. */
  public AdminClient admin(int node) {
    return new AdminClient(URI.create(word(node, "admin")), grpc(node));
  }

  /** Host and port of its gRPC door. */
  public String grpc(int node) {
    return "127.0.0.1:" + ports(node).grpc();
  }

  private String word(int node, String name) {
    for (String word : awaitReady(node).split(" ", -1)) {
      if (word.startsWith(name + "=")) {
        return word.substring(name.length() + 1);
      }
    }
    throw new AssertionError("Expected " + name + " in what node " + node + " says when ready");
  }

  public JavaProcess process(int node) {
    JavaProcess process = running.get(node);
    if (process == null) {
      throw new AssertionError("Expected node " + node + " to have been started");
    }
    return process;
  }

  /** What a node knows of the cluster. */
  public ClusterDescription describe(int node) {
    return ask(node, stub -> stub.describeCluster(DescribeClusterRequest.getDefaultInstance()));
  }

  /** Asks a node's admin service. */
  public <T> T ask(int node, Function<ClusterAdminBlockingStub, T> question) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", ports(node).grpc()).usePlaintext().build();
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
    try {
      return eventually(
          deadline,
          () -> {
            ClusterDescription seen = describe(node);
            if (!wanted.test(seen)) {
              throw new AssertionError("Expected " + what + ", but " + seen);
            }
            return seen;
          });
    } catch (AssertionError e) {
      System.out.println(tail());
      throw e;
    }
  }

  /** Whether every partition is on these nodes and no others, all open, with a leader there. */
  public static boolean isWholeOn(ClusterDescription seen, Integer... nodes) {
    return seen.getPartitionsList().stream()
        .allMatch(
            partition ->
                partition.getSettled()
                    && List.of(nodes).contains(partition.getLeader())
                    && partition.getReplicasList().stream().allMatch(it -> it.getOpen())
                    && partition.getReplicasList().stream()
                        .map(it -> it.getNode())
                        .collect(Collectors.toSet())
                        .equals(Set.of(nodes)));
  }

  /** The node that has this name. */
  public static NodeInfo named(ClusterDescription seen, String name) {
    return seen.getNodesList().stream()
        .filter(it -> it.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Expected a node " + name + ", but " + seen));
  }

  /** What all said last. */
  public String tail() {
    return running.values().stream().map(JavaProcess::tail).collect(Collectors.joining("\n"));
  }

  @Override
  public void close() {
    running.values().forEach(JavaProcess::close);
  }
}
