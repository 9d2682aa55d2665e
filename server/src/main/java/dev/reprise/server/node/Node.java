package dev.reprise.server.node;

import dev.reprise.cluster.checkpoint.LocalCheckpoints;
import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.ratis.RatisNode;
import dev.reprise.cluster.log.ratis.RatisSettings;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.cluster.partition.PartitionSettings;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.endpoint.EndpointDiscovery;
import dev.reprise.server.endpoint.EndpointMeans;
import dev.reprise.server.endpoint.EndpointTrust;
import dev.reprise.server.endpoint.HostNames;
import dev.reprise.server.endpoint.RequestSigner;
import dev.reprise.server.identity.RequestIdentity;
import dev.reprise.server.invoker.Invokers;
import dev.reprise.server.lambda.LambdaFunctions;
import dev.reprise.server.lambda.LambdaOptions;
import dev.reprise.server.net.EventLoops;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running server: all rooms, put together. Started once, closed once. */
public final class Node implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Node.class);
  private static final int DEFAULT_PARTITIONS = 2;
  private static final long START_SECONDS = 120;
  private static final Duration SCRUB = Duration.ofHours(6);
  private static final Duration PAUSE_BETWEEN_FILES = Duration.ofMillis(500);
  private static final Duration METADATA_FLUSH = Duration.ofMinutes(1);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  private final Closing closing;
  private final NodeDirectory directory;
  private final EventLoops loops;
  private final ExecutorService background;
  private final RandomGenerator random = new SharedRandom();
  private final List<PartitionKeeper> partitions = new ArrayList<>();
  private final MetadataKeeper metadata;
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
    directory = undo.add(NodeDirectory.open(config, DEFAULT_PARTITIONS));
    background =
        undo.add(
            Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("background-", 0).factory()));
    loops = undo.add(EventLoops.open(loopCount(config)));
    RocksDbResources.keepLibraryIn(directory.nativeLibraries());
    RocksDbResources resources = undo.add(new RocksDbResources(config.memoryBytes()));
    RatisNode logs =
        undo.add(RatisNode.start(RatisSettings.alone(config.nodeName(), directory.log())));

    metadata =
        undo.add(new MetadataKeeper(directory.metadata(), resources, logs, random, background));
    undo.add(new Periodic("metadata-flush", METADATA_FLUSH, metadata::flush));

    KeyRanges ranges = new KeyRanges(directory.partitions());
    newInvocations = new NewInvocations(config.invoker().serviceDefaults(), random);
    invokers =
        undo.add(
            new Invokers(config.invoker(), metadata::registry, newInvocations, ranges, random));
    DiskGuard disk = undo.add(new DiskGuard(config.baseDir(), config.diskWatermarkBytes()));
    router =
        undo.add(
            new PartitionRouter(
                ranges,
                PartitionRouter.Surroundings.alone(
                    loops::loop, System::nanoTime, ANSWER_TIMEOUT, disk::refusal)));
    endpoints = undo.add(new EndpointsOfLoops(loops, means(config, undo)));
    openPartitions(config, logs, resources, undo);
    awaitLeaders();
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

  private void openPartitions(
      NodeConfig config, RatisNode logs, RocksDbResources resources, Closing undo) {
    PartitionSettings settings =
        new PartitionSettings(
            config.nodeName(), config.window(), config.timersInMemory(), config.cleanupInterval());
    LocalCheckpoints offers =
        undo.add(
            new LocalCheckpoints(config.nodeName(), directory.checkpoints(), System::nanoTime));
    PartitionKeeper.Healing healing = new PartitionKeeper.Healing(() -> null, offers);
    for (int number = 0; number < directory.partitions(); number++) {
      Partition.Environment environment =
          new Partition.Environment(
              loops.loop(number),
              settings,
              (partition, host) -> invokers.open(partition, host, endpoints.of(partition)),
              router,
              background,
              InstantSource.system(),
              System::nanoTime);
      partitions.add(
          undo.add(
              new PartitionKeeper(
                  number,
                  directory.partition(number),
                  resources,
                  logs,
                  environment,
                  router,
                  healing)));
    }
    undo.add(new Periodic("scrub", SCRUB, this::scrub));
    undo.add(new Periodic("checkpoint-sweep", LocalCheckpoints.KEPT, offers::sweep));
  }

  /** Slowly: what is read here is not what the node is for. */
  private void scrub() {
    for (PartitionKeeper partition : partitions) {
      partition.scrub(
          () -> {
            LockSupport.parkNanos(PAUSE_BETWEEN_FILES.toNanos());
            return !Thread.currentThread().isInterrupted();
          });
    }
  }

  /** A node alone leads all it has; until it does, nobody is let in. */
  private void awaitLeaders() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!(metadataLeads() && partitions.stream().allMatch(it -> leads(it.partition())))) {
      if (System.nanoTime() - deadline > 0) {
        throw new NodeException(
            "Expected every partition to have a leader within "
                + START_SECONDS
                + " s, but some have none; the log above says why");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  private boolean metadataLeads() {
    return metadata.leads();
  }

  private static boolean leads(@Nullable Partition partition) {
    if (partition == null) {
      return false;
    }
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    partition.leads(answer::complete);
    return answer.join();
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
    return metadata;
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
    return partitions.stream().map(PartitionKeeper::partition).filter(Objects::nonNull).toList();
  }

  /** Where the doors listen. */
  public Doors.Addresses addresses() {
    return doors.addresses();
  }

  /** Log entries that were told again because of the last stop. */
  public long replayed() {
    return partitions().stream().mapToLong(Partition::replayed).sum();
  }

  /** Lets requests under way finish for a few seconds, then stops. What was acknowledged stays. */
  @Override
  public void close() {
    closing.close();
  }
}
