package dev.reprise.server.node;

import dev.reprise.cluster.checkpoint.LocalCheckpoints;
import dev.reprise.cluster.checkpoint.Peers;
import dev.reprise.cluster.forwarding.OtherNodes;
import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.Replica;
import dev.reprise.cluster.log.ReplicatedLog;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.log.ratis.RatisNode;
import dev.reprise.cluster.log.ratis.RatisSettings;
import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.PartitionReplicas;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.cluster.metadata.CatchingUp;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.server.grpc.GrpcDoor;
import dev.reprise.server.grpc.NodeTls;
import dev.reprise.server.internode.CheckpointService;
import dev.reprise.server.internode.InternodeClient;
import dev.reprise.server.internode.InternodeLimits;
import dev.reprise.server.internode.InternodeService;
import dev.reprise.server.internode.OtherReplicas;
import dev.reprise.server.membership.ClusterAdminService;
import dev.reprise.server.membership.ClusterMembership;
import dev.reprise.server.membership.Descriptions;
import dev.reprise.server.membership.Identity;
import dev.reprise.server.membership.Neighbourhood;
import dev.reprise.server.membership.Neighbourhood.Confirmed;
import dev.reprise.server.membership.Rebuilds;
import dev.reprise.server.membership.Reports;
import dev.reprise.server.membership.Snapshots;
import dev.reprise.server.node.NodeDirectory.Owner;
import dev.reprise.storage.kv.rocksdb.RocksDbResources;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A node's place in its cluster, put together: its logs, the metadata, and its neighbours.
 *
 * <p>Longer than most: it only connects parts, in the order in which they need each other.
 */
final class ClusterSide {
  private static final Duration METADATA_FLUSH = Duration.ofMinutes(1);

  private final Self self;
  private final RatisNode logs;
  private final ReplicaMarks marks;
  private final MetadataKeeper metadata;
  private final ClusterMembership membership;
  private final Reports reports;
  private final Executor background;

  private final Snapshots snapshots;
  private final KnownRules rules;
  private final Rebuilds rebuilds;
  private final InternodeService internode;
  private final InternodeClient client;
  private final OtherReplicas others;

  /** Null for a node that is alone. */
  private final @Nullable Neighbourhood neighbours;

  private final Arrival arrival;
  private final CatchingUp catchingUp;

  /** Who the node is, and whether it is alone. */
  record Self(NodeConfig config, Identity identity, Owner owner, boolean alone, NodeTls tls) {
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
    this.reports = new Reports(self.replica(), logs, System::nanoTime);
    this.membership =
        new ClusterMembership(self.replica().node(), self.owner().partitions(), metadata::cluster);
    this.neighbours =
        self.alone()
            ? null
            : new Neighbourhood(
                self.replica(), logs, metadata::cluster, membership, reports, self.tls());
    this.snapshots = new Snapshots(self.replica().node(), metadata::cluster, background);
    this.rules = new KnownRules(self.replica(), metadata);
    this.rebuilds = new Rebuilds(self.replica().node(), metadata::cluster);
    this.arrival = new Arrival(self, metadata, marks.founded(LogId.METADATA), neighbours);
    this.catchingUp =
        self.alone() ? CatchingUp.alone() : CatchingUp.with(metadata, System::nanoTime, background);
    this.internode = new InternodeService(membership, loops, InternodeLimits.DEFAULTS);
    this.client = new InternodeClient(membership, loops, InternodeLimits.DEFAULTS, self.tls());
    this.others = new OtherReplicas(membership, self.owner().fingerprint(), self.tls());
  }

  /** Opens the logs and the metadata, and the ports between nodes; returns when it is a member. */
  static ClusterSide open(
      Self self,
      NodeDirectory directory,
      RocksDbResources resources,
      RandomGenerator random,
      LocalCheckpoints offers,
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
                self.alone(),
                marks.founded(LogId.METADATA),
                random,
                offers,
                background));
    marks.made(List.of(LogId.METADATA));
    undo.add(new Periodic("metadata-flush", METADATA_FLUSH, metadata::flush));
    ClusterSide side = new ClusterSide(self, logs, marks, metadata, background, loops);
    undo.add(side.client);
    undo.add(side.others);
    side.meetNeighbours(undo);
    side.arrival.awaitMembership();
    return side;
  }

  private static RatisSettings settings(Self self, NodeDirectory directory) {
    Address raft = self.identity().addresses().raft();
    RatisSettings.Peer peer =
        new RatisSettings.Peer(self.replica().toString(), raft.host(), raft.port());
    RatisSettings usual =
        self.alone()
            ? RatisSettings.alone(peer, directory.log())
            : RatisSettings.among(peer, directory.log(), self.config().bindHost());
    return usual.with(self.config().logs().tuning()).with(tls(self));
  }

  private static RatisSettings.@Nullable Tls tls(Self self) {
    X509ExtendedKeyManager keys = self.tls().keys();
    X509ExtendedTrustManager trust = self.tls().trust();
    return keys == null || trust == null ? null : new RatisSettings.Tls(keys, trust);
  }

  private void meetNeighbours(Closing undo) {
    Neighbourhood around = neighbours;
    if (around != null) {
      undo.add(around);
      // A node that restarts without a leader of the metadata in sight knows where it belongs.
      metadata.connect(
          around, () -> othersOfMetadata(around), () -> background.execute(metadata::flush));
    }
  }

  /**
   * Opens the port between nodes, unless the node is alone.
   *
   * @param offers what the others may have of this node's replicas
   */
  void openDoor(LocalCheckpoints offers, Closing undo) throws IOException {
    if (neighbours != null) {
      CheckpointService checkpoints =
          undo.add(
              new CheckpointService(
                  self.config().nodeName(), offers, () -> metadata.cluster().fingerprint()));
      Address at = self.identity().addresses().internode();
      undo.add(
          GrpcDoor.start(
              new InetSocketAddress(self.config().bindHost(), at.port()),
              self.tls(),
              List.of(neighbours.service(metadata), snapshots, rebuilds),
              List.of(internode, checkpoints),
              InternodeService.MESSAGE_BYTES));
      undo.add(internode);
    }
  }

  /** What operators ask for. */
  ClusterAdminService admin() {
    Descriptions descriptions = new Descriptions(membership, logs, reports);
    return new ClusterAdminService(
        membership, metadata, descriptions, snapshots, rebuilds, neighbours);
  }

  /** Opens the partitions, and returns when each is known to have a leader. */
  void serve(Replicas replicas) {
    reports.tell(replicas::health);
    snapshots.serve(replicas::snapshot);
    rebuilds.serve(replicas::rebuild);
    if (neighbours == null) {
      replicas.follow(metadata.cluster(), new Confirmed(0, 0));
      arrival.await("to lead every partition", () -> leadsAll(replicas), Arrival.ALONE_SECONDS);
      rules.tell().join();
      replicas.follow(metadata.cluster(), new Confirmed(0, 0));
      membership.leadAll();
      return;
    }
    Following following = new Following(replicas, neighbours, metadata, background);
    following.turn();
    neighbours.start(
        metadata,
        () -> {
          following.wake();
          var unused = rules.tell();
        });
    arrival.await("a leader of every partition", membership::knowsLeaders, Long.MAX_VALUE);
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

  /** What this node leads is led by others when this returns, or it has taken too long. Blocks. */
  void handOver() {
    HandOver.of(logs, metadata.cluster());
  }

  /** Whether there are no other nodes, and never will be. */
  boolean isAlone() {
    return self.alone();
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

  /** On all members; while this node knows none, on whoever of its cluster answers. */
  private @Nullable Peers othersOfMetadata(Neighbourhood around) {
    List<NodeId> members = metadata.cluster().members().stream().map(Member::id).toList();
    return members.isEmpty()
        ? others.at(around.found(Addressing.peers(self.config()), self.owner().fingerprint()))
        : others.on(members);
  }

  /** The replicas of a partition on other nodes; null while nobody else has one. */
  @Nullable Peers othersOf(int partition) {
    PartitionReplicas wanted = metadata.cluster().replicasOf(partition);
    return wanted == null
        ? null
        : others.on(wanted.replicas().stream().map(ReplicaId::node).toList());
  }

  /** How this node learns what was registered elsewhere. */
  CatchingUp catchingUp() {
    return catchingUp;
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
