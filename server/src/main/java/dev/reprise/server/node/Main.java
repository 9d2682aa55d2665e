package dev.reprise.server.node;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reprise server}: runs one node in the foreground until it is told to stop. */
@Command(
    name = "reprise",
    subcommands = Main.Server.class,
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    description = "A durable-execution server.")
public final class Main {
  private static final int FAILED = 1;

  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  /** What {@code --version} prints. */
  static final class Versions implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"reprise " + Version.text()};
    }
  }

  /** Runs a node. */
  @Command(
      name = "server",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Runs one node in the foreground.")
  static final class Server implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    @Option(
        names = "--base-dir",
        paramLabel = "DIR",
        defaultValue = "${env:REPRISE_BASE_DIR:-reprise-data}",
        description = "everything durable is below (default: ${DEFAULT-VALUE})")
    Path baseDir = Path.of("reprise-data");

    @Option(
        names = "--cluster-name",
        paramLabel = "NAME",
        defaultValue = "${env:REPRISE_CLUSTER_NAME:-localcluster}",
        description = "(default: ${DEFAULT-VALUE})")
    String clusterName = "localcluster";

    @Option(
        names = "--node-name",
        paramLabel = "NAME",
        defaultValue = "${env:REPRISE_NODE_NAME:-n1}",
        description = "(default: ${DEFAULT-VALUE})")
    String nodeName = "n1";

    @Option(
        names = "--bind-host",
        paramLabel = "HOST",
        defaultValue = "${env:REPRISE_BIND_HOST:-0.0.0.0}",
        description = "where to listen (default: ${DEFAULT-VALUE})")
    String bindHost = "0.0.0.0";

    @Option(
        names = "--ingress-port",
        paramLabel = "N",
        defaultValue = "${env:REPRISE_INGRESS_PORT:-8080}",
        description = "HTTP requests of clients; 0 picks a free port (default: ${DEFAULT-VALUE})")
    int ingressPort;

    @Option(
        names = "--admin-port",
        paramLabel = "N",
        defaultValue = "${env:REPRISE_ADMIN_PORT:-9070}",
        description = "admin HTTP (default: ${DEFAULT-VALUE})")
    int adminPort;

    @Option(
        names = "--grpc-port",
        paramLabel = "N",
        defaultValue = "${env:REPRISE_GRPC_PORT:-9071}",
        description = "gRPC (default: ${DEFAULT-VALUE})")
    int grpcPort;

    @Option(
        names = "--node-port",
        paramLabel = "N",
        defaultValue = "${env:REPRISE_NODE_PORT:-5122}",
        description = "node health and metrics (default: ${DEFAULT-VALUE})")
    int nodePort;

    @Option(
        names = "--partitions",
        paramLabel = "N",
        defaultValue = "${env:REPRISE_PARTITIONS:-0}",
        description = "of a new cluster; fixed from then on; 0 takes the default")
    int partitions;

    @Option(
        names = "--event-loops",
        paramLabel = "N",
        defaultValue = "${env:REPRISE_EVENT_LOOPS:-0}",
        description = "threads of the hot path; 0 for one per core, up to four")
    int loops;

    @Option(
        names = "--log-window",
        paramLabel = "N",
        defaultValue = "${env:REPRISE_LOG_WINDOW:-4}",
        description = "log entries in flight per partition (default: ${DEFAULT-VALUE})")
    int window;

    @Option(
        names = "--store-memory",
        paramLabel = "MIB",
        defaultValue = "${env:REPRISE_STORE_MEMORY:-64}",
        description = "block cache and memtables of all partitions (default: ${DEFAULT-VALUE})")
    int storeMemoryMib;

    @Option(
        names = "--num-timers-in-memory-limit",
        paramLabel = "N",
        defaultValue = "${env:REPRISE_NUM_TIMERS_IN_MEMORY_LIMIT:-4096}",
        description = "per partition; further ones stay in their table (default: ${DEFAULT-VALUE})")
    int timersInMemory;

    @Option(
        names = "--cleanup-interval",
        paramLabel = "SECONDS",
        defaultValue = "${env:REPRISE_CLEANUP_INTERVAL:-60}",
        description = "how often retention is looked after (default: ${DEFAULT-VALUE})")
    int cleanupSeconds;

    @Option(
        names = "--disk-watermark",
        paramLabel = "MIB",
        defaultValue = "${env:REPRISE_DISK_WATERMARK:-64}",
        description = "free space below which new work is refused (default: ${DEFAULT-VALUE})")
    int diskWatermarkMib;

    @Mixin HttpFlags http = new HttpFlags();

    @Mixin InvokerFlags invoker = new InvokerFlags();

    @Mixin ClusterFlags cluster = new ClusterFlags();

    @Mixin EndpointFlags endpoints = new EndpointFlags();

    @Option(
        names = "--register",
        paramLabel = "URI",
        description = "register this service endpoint once the node serves")
    List<String> register = List.of();

    @Option(
        names = "--hints",
        paramLabel = "FILE",
        description = "print this file once everything is registered")
    @Nullable Path hints;

    @Override
    public Integer call() throws InterruptedException {
      PrintStream out = System.out;
      long begin = System.nanoTime();
      Node node;
      try {
        node = Node.start(config());
      } catch (NodeException e) {
        System.err.println("reprise: " + e.getMessage());
        return FAILED;
      }
      CountDownLatch stopped = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    node.close();
                    stopped.countDown();
                  },
                  "stop"));
      Doors.Addresses at = node.addresses();
      out.printf(
          "ready ingress=%s admin=%s grpc=%s node=%s replayed=%d started_in_ms=%d%n",
          at.ingress(),
          at.admin(),
          at.grpc(),
          at.node(),
          node.replayed(),
          (System.nanoTime() - begin) / 1_000_000);
      out.flush();
      new FirstRegistrations(at, out).make(register, hints);
      var unused =
          node.expelled()
              .thenAccept(
                  why -> {
                    System.err.println("reprise: the node stops: " + why);
                    System.exit(FAILED);
                  });
      stopped.await();
      return 0;
    }

    private NodeConfig config() {
      return new NodeConfig(
          baseDir,
          clusterName,
          nodeName,
          partitions,
          bindHost,
          new NodeConfig.Ports(ingressPort, adminPort, grpcPort, nodePort),
          loops,
          window,
          (long) storeMemoryMib << 20,
          timersInMemory,
          Duration.ofSeconds(cleanupSeconds),
          (long) diskWatermarkMib << 20,
          http.limits(),
          invoker.options(clusterName),
          endpoints.endpoints(),
          cluster.cluster());
    }
  }
}
