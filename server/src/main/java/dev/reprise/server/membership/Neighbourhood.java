package dev.reprise.server.membership;

import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.nodes.v1.BeginRebuildRequest;
import dev.reprise.api.nodes.v1.BeginRebuildResponse;
import dev.reprise.api.nodes.v1.NodeReport;
import dev.reprise.api.nodes.v1.ProposeRequest;
import dev.reprise.api.nodes.v1.ReportRequest;
import dev.reprise.api.nodes.v1.ReportResponse;
import dev.reprise.api.nodes.v1.TakeSnapshotRequest;
import dev.reprise.api.nodes.v1.TakeSnapshotResponse;
import dev.reprise.api.nodes.v1.TransferRequest;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.LeaderBalance;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.cluster.metadata.Forwarder;
import dev.reprise.cluster.metadata.MetadataUnavailableException;
import dev.reprise.server.grpc.NodeTls;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's dealings with the other nodes of its cluster: it reports to the leader of the metadata
 * twice a second, brings it what is to be written there, and reconciles. A thread of its own. A
 * node that is alone has none of this.
 *
 * <p>A little longer than a file should be: whom to ask, and what it means that one does not
 * answer, is the same for all that is asked of other nodes.
 */
public final class Neighbourhood implements Forwarder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Neighbourhood.class);
  private static final long TURN_MILLIS = 100;
  private static final int TURNS_PER_RECONCILIATION = 3;
  private static final int TURNS_PER_REPORT = 5;

  private final ReplicaId self;
  private final ReplicatedLogs logs;
  private final Supplier<ClusterView> view;
  private final ClusterMembership membership;
  private final Reports reports;
  private final NodesClient client;
  private final Identities identities = new Identities();
  private final CompletableFuture<String> expelled = new CompletableFuture<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("membership").factory());

  /** Written by the thread; the version that the leader of the metadata had, and how often told. */
  private volatile Confirmed confirmed = new Confirmed(0, 0);

  private boolean reporting;
  private long turns;

  /** What the leader of the metadata last said: the newest version, and how many times it spoke. */
  public record Confirmed(long times, long version) {}

  public Neighbourhood(
      ReplicaId self,
      ReplicatedLogs logs,
      Supplier<ClusterView> view,
      ClusterMembership membership,
      Reports reports,
      NodeTls tls) {
    this.self = self;
    this.logs = logs;
    this.view = view;
    this.membership = membership;
    this.reports = reports;
    this.client = new NodesClient(tls);
  }

  /** Answers the other nodes. */
  public NodesService service(Metadata metadata) {
    return new NodesService(metadata, logs, reports, identities, threads, this::relay);
  }

  private CompletableFuture<ReportResponse> relay(ReportRequest request) {
    Address leader = metadataLeader();
    return leader == null
        ? CompletableFuture.failedFuture(
            Status.UNAVAILABLE
                .withDescription("Expected a leader of the metadata, but knows of none")
                .asRuntimeException())
        : client.report(leader, request);
  }

  /**
   * Begins.
   *
   * @param each also called in each turn, ten times a second
   */
  public void start(Metadata metadata, Runnable each) {
    Reconciler reconciler =
        new Reconciler(self, metadata, logs, membership, reports, this::transfer, System::nanoTime);
    var unused =
        thread.scheduleWithFixedDelay(
            () -> {
              try {
                turn(reconciler);
                each.run();
              } catch (RuntimeException e) {
                LOG.warn("a turn of the membership failed, and is followed by the next", e);
              }
            },
            0,
            TURN_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private void turn(Reconciler reconciler) {
    if (turns % TURNS_PER_REPORT == 0) {
      report();
    }
    membership.look(logs, reports::leader);
    if (turns % TURNS_PER_RECONCILIATION == 0) {
      reconciler.turn();
    }
    turns++;
  }

  private void report() {
    ClusterView now = view.get();
    NodeReport own = reports.own(now);
    Address leader = metadataLeader();
    LogMembers members = logs.members(LogId.METADATA);
    if (members != null && members.leads()) {
      confirmed = new Confirmed(confirmed.times() + 1, now.version());
    } else if (leader != null && now.isFounded() && !reporting) {
      reporting = true;
      ReportRequest request =
          ReportRequest.newBuilder().setFingerprint(now.fingerprint()).setReport(own).build();
      var unused =
          client
              .report(leader, request)
              .whenComplete((answer, problem) -> thread.execute(() -> reported(answer, problem)));
    }
  }

  private void reported(@Nullable ReportResponse answer, @Nullable Throwable problem) {
    reporting = false;
    if (answer != null) {
      long version = 0;
      for (NodeReport report : answer.getReportsList()) {
        version = Math.max(version, report.getViewVersion());
        if (report.getNode() != self.node().number()) {
          reports.take(report);
        }
      }
      confirmed = new Confirmed(confirmed.times() + 1, version);
    } else if (problem != null) {
      expelledBy(problem);
    }
  }

  /** Where the leader of the metadata is reached; null when there is none, or it is this node. */
  private @Nullable Address metadataLeader() {
    LogMembers members = logs.members(LogId.METADATA);
    String leader = members == null ? null : members.leader();
    if (leader == null || leader.equals(self.toString())) {
      return null;
    }
    Member member = view.get().member(ReplicaId.parse(leader).node());
    return member == null ? null : member.addresses().internode();
  }

  @Override
  public CompletableFuture<Void> forward(byte[] entry) {
    Address leader = metadataLeader();
    if (leader == null) {
      return CompletableFuture.failedFuture(
          new MetadataUnavailableException(
              "Expected a leader of the metadata, but there is none at the moment; try again"));
    }
    ProposeRequest request =
        ProposeRequest.newBuilder()
            .setFingerprint(view.get().fingerprint())
            .setEntry(UnsafeByteOperations.unsafeWrap(entry))
            .build();
    return client.propose(leader, request).thenAccept(done -> {});
  }

  /** Hands the leadership of a partition over. Any thread. */
  public CompletableFuture<Boolean> transfer(LeaderBalance.Move move) {
    if (move.from().equals(self.node())) {
      LogMembers members = logs.members(LogId.partition(move.partition()));
      String to = replicaOn(move.partition(), move.to());
      return members == null || to == null
          ? CompletableFuture.completedFuture(false)
          : members.transfer(to);
    }
    Member from = view.get().member(move.from());
    if (from == null) {
      return CompletableFuture.completedFuture(false);
    }
    TransferRequest request =
        TransferRequest.newBuilder()
            .setFingerprint(view.get().fingerprint())
            .setPartition(move.partition())
            .setTo(move.to().number())
            .build();
    return client
        .transfer(from.addresses().internode(), request)
        .handle((answer, problem) -> problem == null && answer.getDone());
  }

  /** Has another node rebuild a copy. Any thread. */
  CompletableFuture<BeginRebuildResponse> beginRebuild(Address node, BeginRebuildRequest request) {
    return client.beginRebuild(node, request);
  }

  /** Has another node take a snapshot. Any thread. */
  CompletableFuture<TakeSnapshotResponse> take(Address node, TakeSnapshotRequest request) {
    return client.take(node, request);
  }

  private @Nullable String replicaOn(int partition, NodeId node) {
    var replicas = view.get().replicasOf(partition);
    return replicas == null
        ? null
        : replicas.replicas().stream()
            .filter(it -> it.node().equals(node))
            .findFirst()
            .map(ReplicaId::toString)
            .orElse(null);
  }

  /**
   * Tells the leader of the metadata that this node is there, while it is not shown the cluster
   * yet: whoever is found among the peers is asked, as it may lead. Blocks for up to seconds.
   */
  public void knock(Peers peers, String fingerprint) {
    ReportRequest request =
        ReportRequest.newBuilder()
            .setFingerprint(fingerprint)
            .setReport(reports.own(view.get()))
            .build();
    for (Address address : peers.resolve()) {
      Identity there = identities.ask(address);
      if (there != null && isOther(there, fingerprint)) {
        client
            .report(there.addresses().internode(), request)
            .whenComplete(
                (answer, problem) -> {
                  if (problem != null) {
                    expelledBy(problem);
                  }
                })
            .exceptionally(problem -> ReportResponse.getDefaultInstance())
            .join();
      }
    }
  }

  /** Whether it is of this cluster, and not this node. */
  private boolean isOther(Identity there, String fingerprint) {
    return there.known() != null
        && there.known().fingerprint().equals(fingerprint)
        && !there.known().replica().equals(self);
  }

  /**
   * The node-to-node ports of other nodes of this cluster that answer among the peers. Blocks for
   * up to seconds.
   */
  public List<Address> found(Peers peers, String fingerprint) {
    List<Address> ports = new ArrayList<>();
    for (Address address : peers.resolve()) {
      Identity there = identities.ask(address);
      if (there != null && isOther(there, fingerprint)) {
        ports.add(there.addresses().internode());
      }
    }
    return ports;
  }

  private void expelledBy(Throwable problem) {
    Status status = Status.fromThrowable(problem);
    if (status.getCode() == Status.Code.FAILED_PRECONDITION) {
      expelled.complete(String.valueOf(status.getDescription()));
    }
    LOG.debug("the report was not taken: {}", status);
  }

  /**
   * A sentence about one of the peers that speaks TLS where this node does not, or the other way
   * round; null when there is none. Blocks for up to seconds.
   */
  public @Nullable String unlike(Peers peers, Identity own) {
    return identities.unlike(peers, own);
  }

  /** What the leader of the metadata last said. */
  public Confirmed confirmed() {
    return confirmed;
  }

  /** Completes, with why, when this node is no member any more and must stop. */
  public CompletableFuture<String> expelled() {
    return expelled.copy();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    threads.shutdownNow();
    client.close();
    identities.close();
  }
}
