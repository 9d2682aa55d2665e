package dev.reprise.server.node;

import dev.reprise.cluster.checkpoint.LocalCheckpoints;
import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.cluster.metadata.RuleBook;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.cluster.partition.PartitionSettings;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.endpoint.EndpointDiscovery;
import dev.reprise.server.endpoint.EndpointMeans;
import dev.reprise.server.endpoint.EndpointTrust;
import dev.reprise.server.endpoint.HostNames;
import dev.reprise.server.endpoint.RequestSigner;
import dev.reprise.server.grpc.NodeTls;
import dev.reprise.server.identity.RequestIdentity;
import dev.reprise.server.invoker.Invokers;
import dev.reprise.server.lambda.LambdaFunctions;
import dev.reprise.server.lambda.LambdaOptions;
import dev.reprise.server.membership.Peers;
import dev.reprise.server.metrics.NodeMetrics;
import dev.reprise.server.net.EventLoops;
import dev.reprise.server.node.NodeDirectory.Owner;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running server: all rooms, put together. Started once, closed once.
 *
 * <p>A little longer than a file should be: the order in which rooms are opened, and closed the
 * other way round, is seen in one place.
 */
public final class Node implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Node.class);
  private static final Duration PAUSE_BETWEEN_FILES = Duration.ofMillis(500);

  /** How often the replicas of a partition compare their states, while there is something new. */
  private static final Duration COMPARISON = Duration.ofSeconds(10);

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  private final Closing closing;
  private final EventLoops loops;
  private final ExecutorService background;
  private final RandomGenerator random = new SharedRandom();
  private final NodeMetrics metrics;
  private final NodeDoor nodeDoor;
  private final ClusterSide cluster;
  private final Replicas replicas;
  private final Invokers invokers;
  private final PartitionRouter router;
  private final EndpointsOfLoops endpoints;
  private final NewInvocations newInvocations;
  private final Doors doors;

  /**
   * Starts a node and returns when it serves.
   *
   * @throws NodeException with what was expected and what to do; nothing is left running
   */
  public static Node start(NodeConfig config) {
    Closing closing = new Closing();
    try {
      return new Node(config, closing);
    } catch (IOException e) {
      closing.close();
      throw new NodeException("The node did not start: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      closing.close();
      throw e;
    }
  }

  private Node(NodeConfig config, Closing undo) throws IOException {
    closing = undo;
    NodeDirectory directory = undo.add(NodeDirectory.open(config));
    background =
        undo.add(
            Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("background-", 0).factory()));
    loops = undo.add(EventLoops.open(loopCount(config)));
    metrics = undo.add(new NodeMetrics());
    Peers peers = Addressing.peers(config);
    NodeTls tls = NodeLinks.open(config, peers, undo);
    nodeDoor =
        undo.add(
            NodeDoor.open(config, loops, metrics, background, Addressing.of(config), tls.isOn()));
    Owner owner = Admission.of(config, directory, nodeDoor, peers, tls, random);

    RocksDbResources.keepLibraryIn(directory.nativeLibraries());
    RocksDbResources resources = undo.add(new RocksDbResources(config.memoryBytes()));
    KeyRanges ranges = new KeyRanges(owner.partitions());
    LocalCheckpoints offers = offers(config, directory);
    cluster =
        ClusterSide.open(
            new ClusterSide.Self(config, nodeDoor.identity(), owner, peers.areNone(), tls),
            directory,
            resources,
            random,
            offers,
            background,
            loops::loop,
            undo);
    newInvocations = new NewInvocations(config.invoker().serviceDefaults(), random);
    invokers =
        undo.add(
            new Invokers(
                config.invoker(),
                metadata()::registry,
                cluster.catchingUp(),
                newInvocations,
                ranges,
                random));
    DiskGuard disk = undo.add(new DiskGuard(config.baseDir(), config.diskWatermarkBytes()));
    router =
        undo.add(
            new PartitionRouter(
                ranges,
                new PartitionRouter.Surroundings(
                    loops::loop,
                    System::nanoTime,
                    ANSWER_TIMEOUT,
                    cluster.membership(),
                    cluster.others(),
                    disk::refusal)));
    cluster.answerWith(router);
    endpoints = undo.add(new EndpointsOfLoops(loops, means(config, undo)));
    cluster.openDoor(offers, undo);
    replicas = undo.add(replicas(config, directory, resources, owner.replica(), offers));
    undo.add(new Periodic("scrub", config.scrubInterval(), this::scrub));
    metadata().watchRules(this::know);
    cluster.serve(replicas);
    doors = undo.add(Doors.open(config, this));
    logger.debug("node {} serves", config.nodeName());
  }

  private static EndpointMeans means(NodeConfig config, Closing undo) throws IOException {
    NodeConfig.Endpoints wanted = config.endpoints();
    EndpointTrust trust =
        wanted.trust() == null ? EndpointTrust.platform() : EndpointTrust.alsoOf(wanted.trust());
    RequestSigner signer = RequestSigner.NONE;
    if (wanted.identityKey() != null) {
      RequestIdentity identity = RequestIdentity.read(wanted.identityKey(), InstantSource.system());
      logger.info("requests to endpoints are signed; their key is {}", identity.publicKey());
      signer = identity;
    }
    LambdaOptions lambda = LambdaOptions.of(config.clusterName(), wanted.externalId());
    return new EndpointMeans(
        HostNames.system(), trust, signer, undo.add(new LambdaFunctions(lambda)));
  }

  private static int loopCount(NodeConfig config) {
    return config.loops() > 0
        ? config.loops()
        : Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
  }

  /** What others may have of this node's replicas. */
  private LocalCheckpoints offers(NodeConfig config, NodeDirectory directory) {
    LocalCheckpoints offers =
        closing.add(
            new LocalCheckpoints(config.nodeName(), directory.checkpoints(), System::nanoTime));
    closing.add(new Periodic("checkpoint-sweep", LocalCheckpoints.KEPT, offers::sweep));
    return offers;
  }

  private Replicas replicas(
      NodeConfig config,
      NodeDirectory directory,
      RocksDbResources resources,
      ReplicaId self,
      LocalCheckpoints offers) {
    PartitionSettings settings = settings(config);
    return new Replicas(
        self,
        cluster.logs(),
        cluster.marks(),
        directory::partition,
        (number, founded) ->
            new PartitionKeeper(
                number,
                directory.partition(number),
                resources,
                cluster.opener(LogId.partition(number), founded),
                environment(number, settings),
                router,
                new PartitionKeeper.Healing(() -> cluster.othersOf(number), offers)));
  }

  private static PartitionSettings settings(NodeConfig config) {
    PartitionSettings alone =
        new PartitionSettings(
            config.nodeName(),
            config.logs().window(),
            config.timersInMemory(),
            config.cleanupInterval(),
            config.logs().flushBytes(),
            Duration.ZERO);
    return Addressing.peers(config).areNone() ? alone : alone.checked(COMPARISON);
  }

  /** Slowly: what is read here is not what the node is for. */
  private void scrub() {
    BooleanSupplier goOn =
        () -> {
          LockSupport.parkNanos(PAUSE_BETWEEN_FILES.toNanos());
          return !Thread.currentThread().isInterrupted();
        };
    metadata().scrub(goOn);
    replicas.scrub(goOn);
  }

  private void know(RuleBook rules) {
    replicas.know(rules.inForce());
  }

  private Partition.Environment environment(int number, PartitionSettings settings) {
    return new Partition.Environment(
        loops.loop(number),
        settings,
        (partition, host) -> invokers.open(partition, host, endpoints.of(partition)),
        router,
        background,
        InstantSource.system(),
        System::nanoTime);
  }

  EventLoops loops() {
    return loops;
  }

  ExecutorService background() {
    return background;
  }

  RandomGenerator random() {
    return random;
  }

  MetadataKeeper metadata() {
    return cluster.metadata();
  }

  NodeMetrics metrics() {
    return metrics;
  }

  NodeDoor nodeDoor() {
    return nodeDoor;
  }

  ClusterSide cluster() {
    return cluster;
  }

  Replicas replicas() {
    return replicas;
  }

  NewInvocations newInvocations() {
    return newInvocations;
  }

  PartitionRouter router() {
    return router;
  }

  Invokers invokers() {
    return invokers;
  }

  /** Asks endpoints what they serve, over the connections of the first loop. */
  EndpointDiscovery discovery(String clusterName) {
    return new EndpointDiscovery(endpoints.of(0), loops.loop(0), clusterName);
  }

  /** Those that are open now. */
  List<Partition> partitions() {
    return replicas.partitions();
  }

  /** Where the doors listen. */
  public Doors.Addresses addresses() {
    return doors.addresses();
  }

  /** Log entries that were told again because of the last stop. */
  public long replayed() {
    return partitions().stream().mapToLong(Partition::replayed).sum();
  }

  /** Completes, with why, when the cluster does not want this node any more: it must stop. */
  CompletableFuture<String> expelled() {
    return cluster.expelled();
  }

  /**
   * Sends clients to other nodes and hands over what it leads, where there are others; lets
   * requests under way finish for a few seconds, then stops. What was acknowledged stays.
   */
  @Override
  public void close() {
    if (!cluster.isAlone()) {
      doors.leave();
      cluster.handOver();
      doors.awaitLeft();
    }
    closing.close();
  }
}
