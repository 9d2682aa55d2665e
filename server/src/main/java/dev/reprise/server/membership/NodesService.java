package dev.reprise.server.membership;

import com.google.protobuf.ByteString;
import dev.reprise.api.nodes.v1.JoinRequest;
import dev.reprise.api.nodes.v1.JoinResponse;
import dev.reprise.api.nodes.v1.NodeAddress;
import dev.reprise.api.nodes.v1.NodesGrpc;
import dev.reprise.api.nodes.v1.ProposeRequest;
import dev.reprise.api.nodes.v1.ProposeResponse;
import dev.reprise.api.nodes.v1.ReportRequest;
import dev.reprise.api.nodes.v1.ReportResponse;
import dev.reprise.api.nodes.v1.TransferRequest;
import dev.reprise.api.nodes.v1.TransferResponse;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.LogMembers;
import dev.reprise.cluster.log.ReplicatedLogs;
import dev.reprise.cluster.membership.Address;
import dev.reprise.cluster.membership.ClusterCommand;
import dev.reprise.cluster.membership.ClusterCommand.Newcomer;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.PartitionReplicas;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.cluster.metadata.MetadataCommand.ChangeCluster;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.storage.table.RuleVersion;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers other nodes about membership, on threads of its own, as that may block. */
public final class NodesService extends NodesGrpc.NodesImplBase {
  private static final long PROPOSAL_SECONDS = 30;

  private final Metadata metadata;
  private final ReplicatedLogs logs;
  private final Reports reports;
  private final Identities identities;
  private final Executor threads;
  private final Function<ReportRequest, CompletableFuture<ReportResponse>> relay;

  /**
   * @param threads may be blocked
   * @param relay brings a report to the leader of the metadata
   */
  NodesService(
      Metadata metadata,
      ReplicatedLogs logs,
      Reports reports,
      Identities identities,
      Executor threads,
      Function<ReportRequest, CompletableFuture<ReportResponse>> relay) {
    this.metadata = metadata;
    this.logs = logs;
    this.reports = reports;
    this.identities = identities;
    this.threads = threads;
    this.relay = relay;
  }

  @Override
  public void join(JoinRequest request, StreamObserver<JoinResponse> call) {
    serve(call, () -> join(request));
  }

  private JoinResponse join(JoinRequest request) {
    ClusterView view = metadata.cluster();
    if (!view.isFounded()) {
      throw refused(Status.UNAVAILABLE, "Expected a cluster, but it is being founded");
    }
    if (!view.name().equals(request.getClusterName())) {
      throw refused(
          Status.FAILED_PRECONDITION,
          "Expected a node of cluster "
              + view.name()
              + ", but it is configured for "
              + request.getClusterName());
    }
    Newcomer newcomer =
        new Newcomer(
            request.getNodeName(),
            request.getZone(),
            new Member.Addresses(
                address(request.getNode()),
                address(request.getRaft()),
                address(request.getInternode())),
            Math.max(RuleVersion.FIRST, request.getRules()));
    expectNotRunning(view.named(newcomer.name()), view);
    view = described(new ClusterCommand.Join(newcomer));
    Member joined = view.named(newcomer.name());
    if (joined == null) {
      throw refused(Status.UNAVAILABLE, "Expected to be a member, but was removed at once");
    }
    return JoinResponse.newBuilder()
        .setNode(joined.id().number())
        .setGeneration(joined.generation())
        .setFingerprint(view.fingerprint())
        .setPartitions(view.partitions().size())
        .build();
  }

  /** A name is taken over only from a node that does not run, or runs without its disk. */
  private void expectNotRunning(@Nullable Member known, ClusterView view) {
    if (known == null) {
      return;
    }
    Identity there = identities.ask(known.addresses().node());
    if (there != null
        && there.known() != null
        && there.known().fingerprint().equals(view.fingerprint())
        && there.known().replica().equals(known.replica())) {
      throw refused(
          Status.ALREADY_EXISTS,
          "Expected a name of its own, but "
              + known.name()
              + " is the name of "
              + known.id()
              + ", which runs at "
              + known.addresses().node()
              + "; give another --node-name");
    }
  }

  private ClusterView described(ClusterCommand command) {
    try {
      MetadataResult result =
          metadata.propose(new ChangeCluster(command)).get(PROPOSAL_SECONDS, TimeUnit.SECONDS);
      return switch (result) {
        case MetadataResult.Described it -> it.view();
        case MetadataResult.Rejected it -> throw refused(Status.FAILED_PRECONDITION, it.message());
        default -> throw new IllegalStateException("Expected a description, but got " + result);
      };
    } catch (ExecutionException | TimeoutException e) {
      throw refused(Status.UNAVAILABLE, "Expected a leader of the metadata; try again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(Status.UNAVAILABLE, "The node stops");
    }
  }

  @Override
  public void propose(ProposeRequest request, StreamObserver<ProposeResponse> call) {
    serve(
        call,
        () -> {
          expectOurs(request.getFingerprint());
          ByteString entry = request.getEntry();
          if (!metadata.append(entry.toByteArray())) {
            throw refused(Status.UNAVAILABLE, "Expected to lead the metadata, but does not");
          }
          return ProposeResponse.getDefaultInstance();
        });
  }

  @Override
  public void report(ReportRequest request, StreamObserver<ReportResponse> call) {
    serve(
        call,
        () -> {
          expectOurs(request.getFingerprint());
          if (!metadata.leads()) {
            return relayed(request);
          }
          NodeId node = new NodeId(request.getReport().getNode());
          ReplicaId replica = new ReplicaId(node, request.getReport().getGeneration());
          Member member = metadata.cluster().member(node);
          if (member == null && request.getReport().getViewVersion() > 0) {
            throw refused(
                Status.FAILED_PRECONDITION,
                node + " was removed from the cluster; empty its directory if it is to join again");
          }
          if (member != null && member.generation() > replica.generation()) {
            throw refused(
                Status.FAILED_PRECONDITION,
                "another node joined as "
                    + member.name()
                    + " without this directory, and took its place");
          }
          reports.take(request.getReport());
          reports.own(metadata.cluster());
          return ReportResponse.newBuilder().addAllReports(reports.all()).build();
        });
  }

  /** A newcomer knows no leader yet, and may have found only this node. */
  private ReportResponse relayed(ReportRequest request) {
    if (request.getReport().getViewVersion() > 0) {
      throw refused(Status.UNAVAILABLE, "Expected to lead the metadata, but does not");
    }
    try {
      return relay.apply(request).join();
    } catch (CompletionException e) {
      throw Status.fromThrowable(e.getCause()).asRuntimeException();
    }
  }

  @Override
  public void transfer(TransferRequest request, StreamObserver<TransferResponse> call) {
    serve(
        call,
        () -> {
          expectOurs(request.getFingerprint());
          return TransferResponse.newBuilder()
              .setDone(transfer(request.getPartition(), new NodeId(request.getTo())))
              .build();
        });
  }

  private boolean transfer(int partition, NodeId to) {
    LogMembers members = logs.members(LogId.partition(partition));
    PartitionReplicas replicas = metadata.cluster().replicasOf(partition);
    if (members == null || replicas == null || !members.leads()) {
      throw refused(Status.UNAVAILABLE, "Expected to lead the partition, but does not");
    }
    ReplicaId replica =
        replicas.replicas().stream().filter(it -> it.node().equals(to)).findFirst().orElse(null);
    if (replica == null) {
      throw refused(
          Status.FAILED_PRECONDITION, "Expected one of " + replicas.replicas() + ", but got " + to);
    }
    return members.transfer(replica.toString()).join();
  }

  private void expectOurs(String fingerprint) {
    String ours = metadata.cluster().fingerprint();
    if (!ours.isEmpty() && !fingerprint.equals(ours)) {
      throw refused(
          Status.PERMISSION_DENIED,
          "Expected a node of this cluster, but it is of another one of the same name");
    }
  }

  private static Address address(NodeAddress address) {
    try {
      return new Address(address.getHost(), address.getPort());
    } catch (IllegalArgumentException e) {
      throw refused(Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
    }
  }

  private static StatusRuntimeException refused(Status status, String why) {
    return status.withDescription(why).asRuntimeException();
  }

  private <T> void serve(StreamObserver<T> call, Supplier<T> work) {
    threads.execute(() -> run(call, work));
  }

  private static <T> void run(StreamObserver<T> call, Supplier<T> work) {
    T answer;
    try {
      answer = work.get();
    } catch (StatusRuntimeException e) {
      call.onError(e);
      return;
    } catch (IllegalArgumentException e) {
      call.onError(refused(Status.INVALID_ARGUMENT, String.valueOf(e.getMessage())));
      return;
    }
    call.onNext(answer);
    call.onCompleted();
  }
}
