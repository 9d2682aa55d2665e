package dev.reprise.server.node;

import dev.reprise.cluster.forwarding.OtherNodes;
import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.log.ratis.RatisNode;
import dev.reprise.cluster.log.ratis.RatisSettings;
import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.ClusterCommand;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.cluster.metadata.MetadataCommand.ChangeCluster;
import dev.reprise.cluster.metadata.MetadataUnavailableException;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.server.grpc.GrpcDoor;
import dev.reprise.server.internode.InternodeClient;
import dev.reprise.server.internode.InternodeLimits;
import dev.reprise.server.internode.InternodeService;
import dev.reprise.server.membership.ClusterAdminService;
import dev.reprise.server.membership.ClusterMembership;
import dev.reprise.server.membership.Descriptions;
import dev.reprise.server.membership.Identity;
import dev.reprise.server.membership.Neighbourhood;
import dev.reprise.server.membership.Neighbourhood.Confirmed;
import dev.reprise.server.membership.Reports;
import dev.reprise.server.node.NodeDirectory.Owner;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's place in its cluster, put together: its logs, the metadata, and its neighbours. */
final class ClusterSide {
  private static final Logger logger = LoggerFactory.getLogger(ClusterSide.class);
  private static final Duration METADATA_FLUSH = Duration.ofMinutes(1);
  private static final Duration CATCH_UP = Duration.ofSeconds(30);
  private static final long START_SECONDS = 120;
  private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long KNOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final Self self;
  private final RatisNode logs;
  private final ReplicaMarks marks;
  private final MetadataKeeper metadata;
  private final ClusterMembership membership;
  private final Reports reports;
  private final Executor background;

  private final InternodeService internode;
  private final InternodeClient client;

  /** Null for a node that is alone. */
  private final @Nullable Neighbourhood neighbours;

  /** The starting thread's. */
  private long knockedAt;

  /** Who the node is, and whether it is alone. */
  record Self(NodeConfig config, Identity identity, Owner owner, boolean alone) {
    ReplicaId replica() {
      return owner.replica();
    }
  }

  private ClusterSide(
      Self self,
      RatisNode logs,
      ReplicaMarks marks,
      MetadataKeeper metadata,
      Executor background,
      IntFunction<? extends Loop> loops) {
    this.self = self;
    this.logs = logs;
    this.marks = marks;
    this.metadata = metadata;
    this.background = background;
    this.knockedAt = System.nanoTime() - KNOCK_NANOS;
    this.reports = new Reports(self.replica(), logs, System::nanoTime);
    this.membership =
        new ClusterMembership(self.replica().node(), self.owner().partitions(), metadata::cluster);
    this.neighbours =
        self.alone()
            ? null
            : new Neighbourhood(self.replica(), logs, metadata::cluster, membership, reports);
    this.internode = new InternodeService(membership, loops, InternodeLimits.DEFAULTS);
    this.client = new InternodeClient(membership, loops, InternodeLimits.DEFAULTS);
  }

  /** Opens the logs and the metadata, and the ports between nodes; returns when it is a member. */
  static ClusterSide open(
      Self self,
      NodeDirectory directory,
      RocksDbResources resources,
      RandomGenerator random,
      Executor background,
      IntFunction<? extends Loop> loops,
      Closing undo)
      throws IOException {
    RatisNode logs = undo.add(RatisNode.start(settings(self, directory)));
    ReplicaMarks marks = directory.replicas();
    marks.expectWhole(logs, directory::tables);
    marks.add(List.of(LogId.METADATA), self.replica().equals(Admission.FOUNDER));
    MetadataKeeper metadata =
        undo.add(
            new MetadataKeeper(
                directory.metadata(),
                resources,
                logs,
                marks.founded(LogId.METADATA),
                random,
                background));
    marks.made(List.of(LogId.METADATA));
    undo.add(new Periodic("metadata-flush", METADATA_FLUSH, metadata::flush));
    ClusterSide side = new ClusterSide(self, logs, marks, metadata, background, loops);
    undo.add(side.client);
    side.meetNeighbours(undo);
    side.awaitMembership();
    return side;
  }

  private static RatisSettings settings(Self self, NodeDirectory directory) {
    Address raft = self.identity().addresses().raft();
    RatisSettings.Peer peer =
        new RatisSettings.Peer(self.replica().toString(), raft.host(), raft.port());
    return self.alone()
        ? RatisSettings.alone(peer, directory.log())
        : RatisSettings.among(peer, directory.log(), self.config().bindHost());
  }

  private void meetNeighbours(Closing undo) {
    if (neighbours != null) {
      undo.add(neighbours);
      // A node that restarts without a leader of the metadata in sight knows where it belongs.
      metadata.connect(neighbours, () -> background.execute(metadata::flush));
    }
  }

  /** Opens the port between nodes, unless the node is alone. */
  void openDoor(Closing undo) throws IOException {
    if (neighbours != null) {
      Address at = self.identity().addresses().internode();
      undo.add(
          GrpcDoor.start(
              new InetSocketAddress(self.config().bindHost(), at.port()),
              List.of(neighbours.service(metadata)),
              List.of(internode),
              InternodeService.MESSAGE_BYTES));
      undo.add(internode);
    }
  }

  /** What operators ask for. */
  ClusterAdminService admin() {
    return new ClusterAdminService(
        membership, metadata, new Descriptions(membership, logs, reports), neighbours);
  }

  private void awaitMembership() {
    int others = metadata.cluster().members().size() - 1;
    if (self.alone() && others > 0) {
      throw new NodeException(
          "Expected --peers, as this node is in a cluster with "
              + others
              + (others == 1 ? " other" : " others")
              + "; give it again");
    }
    if (!marks.founded(LogId.METADATA)) {
      await("to be shown the cluster by the leader of its metadata", this::shown, Long.MAX_VALUE);
    } else if (!metadata.cluster().isFounded()) {
      await("to found its cluster", this::founded, self.alone() ? START_SECONDS : Long.MAX_VALUE);
    }
    Member member = metadata.cluster().member(self.replica().node());
    if (member != null
        && member.replica().equals(self.replica())
        && !self.alone()
        && !member.addresses().equals(self.identity().addresses())) {
      throw new NodeException(
          "Expected the addresses that this node has in its cluster, "
              + member.addresses()
              + ", but got "
              + self.identity().addresses()
              + "; give it these ports and --advertised-host again, or empty its directory, so that"
              + " it joins anew");
    }
  }

  private boolean shown() {
    if (isMember()) {
      return true;
    }
    if (neighbours != null && System.nanoTime() - knockedAt > KNOCK_NANOS) {
      neighbours.knock(Addressing.peers(self.config()), self.owner().fingerprint());
      knockedAt = System.nanoTime();
    }
    return false;
  }

  private boolean isMember() {
    Member member = metadata.cluster().member(self.replica().node());
    return member != null && member.generation() >= self.replica().generation();
  }

  /** After a restart the log may tell that it is founded; the store need not know yet. */
  private boolean founded() {
    if (!metadata.cluster().isFounded() && metadata.leads()) {
      found();
    }
    return metadata.cluster().isFounded();
  }

  private void found() {
    NodeConfig config = self.config();
    ClusterCommand found =
        new ClusterCommand.Found(
            config.clusterName(),
            self.owner().fingerprint(),
            new ClusterCommand.Newcomer(
                config.nodeName(), config.cluster().zone(), self.identity().addresses()),
            self.owner().partitions(),
            config.cluster().replication());
    try {
      var unused =
          metadata
              .propose(new ChangeCluster(found))
              .orTimeout(START_SECONDS, TimeUnit.SECONDS)
              .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MetadataUnavailableException) {
        // It led, and does not any more: a busy disk is enough. It will again.
        logger.info("the cluster is not founded yet: {}", e.getCause().getMessage());
        return;
      }
      throw new NodeException("The cluster could not be founded: " + e.getCause(), e);
    }
    if (!self.alone()) {
      logger.info("founded cluster {} as {}", config.clusterName(), self.replica());
    }
  }

  /** Opens the partitions, and returns when each is known to have a leader. */
  void serve(Replicas replicas) {
    if (neighbours == null) {
      replicas.follow(metadata.cluster(), new Confirmed(0, 0));
      await("to lead every partition", () -> leadsAll(replicas), START_SECONDS);
      membership.leadAll();
      return;
    }
    Following following = new Following(replicas, neighbours, metadata, background);
    following.turn();
    neighbours.start(metadata, following::wake);
    await("a leader of every partition", membership::knowsLeaders, Long.MAX_VALUE);
    metadata.catchUp(CATCH_UP);
  }

  /** A node alone leads all it has; until it does, nobody is let in. */
  private boolean leadsAll(Replicas replicas) {
    List<Partition> open = replicas.partitions();
    return metadata.leads()
        && open.size() == self.owner().partitions()
        && open.stream().allMatch(ClusterSide::leads);
  }

  private static boolean leads(Partition partition) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    partition.leads(answer::complete);
    return answer.join();
  }

  private void await(String what, BooleanSupplier condition, long seconds) {
    long begin = System.nanoTime();
    long said = begin;
    while (!condition.getAsBoolean()) {
      long now = System.nanoTime();
      if (TimeUnit.NANOSECONDS.toSeconds(now - begin) >= seconds) {
        throw new NodeException(
            "Expected " + what + " within " + seconds + " s; the log above says why it is not so");
      }
      String why = neighbours == null ? null : neighbours.expelled().getNow("");
      if (why != null && !why.isEmpty()) {
        throw new NodeException(why);
      }
      if (now - said > LINE_NANOS) {
        said = now;
        logger.info("waits {}", what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  /** What this node leads is led by others when this returns, or it has taken too long. Blocks. */
  void handOver() {
    if (neighbours != null) {
      HandOver.of(logs, metadata.cluster());
    }
  }

  /** Numbers of the nodes that vote in the metadata. */
  List<Integer> metadataVoters() {
    var members = logs.members(LogId.METADATA);
    return members == null
        ? List.of()
        : members.roster().voters().stream()
            .map(it -> ReplicaId.parse(it.id()).node().number())
            .sorted()
            .toList();
  }

  /** How this node asks others. */
  OtherNodes others() {
    return client;
  }

  /** From now on the other nodes are served. */
  void answerWith(PartitionRouter router) {
    internode.serve(router);
  }

  ReplicatedLogs logs() {
    return logs;
  }

  ReplicaMarks marks() {
    return marks;
  }

  MetadataKeeper metadata() {
    return metadata;
  }

  ClusterMembership membership() {
    return membership;
  }

  /** Opens a log of this node for its replica. */
  Function<Replica, ReplicatedLog> opener(LogId log, boolean founded) {
    return replica -> founded ? logs.open(log, replica) : logs.join(log, replica);
  }

  /** Completes when this node must stop. */
  CompletableFuture<String> expelled() {
    return neighbours == null ? new CompletableFuture<>() : neighbours.expelled();
  }
}
