package dev.reprise.server.membership;

import dev.reprise.api.admin.v1.ClusterAdminGrpc;
import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.CreateSnapshotsRequest;
import dev.reprise.api.admin.v1.DescribeClusterRequest;
import dev.reprise.api.admin.v1.DrainNodeRequest;
import dev.reprise.api.admin.v1.PartitionInfo;
import dev.reprise.api.admin.v1.ProvisionRequest;
import dev.reprise.api.admin.v1.ProvisionResponse;
import dev.reprise.api.admin.v1.RebuildReplicaRequest;
import dev.reprise.api.admin.v1.RebuildReplicaResponse;
import dev.reprise.api.admin.v1.RemoveNodeRequest;
import dev.reprise.api.admin.v1.ReplicaInfo;
import dev.reprise.api.admin.v1.SetReplicationRequest;
import dev.reprise.api.admin.v1.SnapshotTaken;
import dev.reprise.api.admin.v1.TransferLeaderRequest;
import dev.reprise.api.admin.v1.TransferLeaderResponse;
import dev.reprise.cluster.membership.ClusterCommand;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.LeaderBalance;
import dev.reprise.cluster.membership.Member.Standing;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.cluster.membership.PartitionReplicas;
import dev.reprise.cluster.membership.ReplicaId;
import dev.reprise.cluster.metadata.MetadataCommand.ChangeCluster;
import dev.reprise.cluster.metadata.MetadataResult;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators ask of a cluster and do to it. Its calls run on threads that may block. */
public final class ClusterAdminService extends ClusterAdminGrpc.ClusterAdminImplBase {
  private static final long CHANGE_SECONDS = 30;

  private final Membership membership;
  private final Metadata metadata;
  private final Descriptions descriptions;
  private final Snapshots snapshots;
  private final Rebuilds rebuilds;
  private final @Nullable Neighbourhood neighbours;

  /**
   * @param descriptions what there is to see
   * @param neighbours null for a node that is alone
   */
  public ClusterAdminService(
      Membership membership,
      Metadata metadata,
      Descriptions descriptions,
      Snapshots snapshots,
      Rebuilds rebuilds,
      @Nullable Neighbourhood neighbours) {
    this.membership = membership;
    this.metadata = metadata;
    this.descriptions = descriptions;
    this.snapshots = snapshots;
    this.rebuilds = rebuilds;
    this.neighbours = neighbours;
  }

  @Override
  public void provision(ProvisionRequest request, StreamObserver<ProvisionResponse> call) {
    serve(
        call,
        () -> {
          throw refused(
              Status.FAILED_PRECONDITION,
              "Expected a node that is in no cluster, but this one is "
                  + membership.self()
                  + " of cluster "
                  + metadata.cluster().name());
        });
  }

  @Override
  public void describeCluster(
      DescribeClusterRequest request, StreamObserver<ClusterDescription> call) {
    serve(call, () -> descriptions.of(metadata.cluster()));
  }

  @Override
  public void drainNode(DrainNodeRequest request, StreamObserver<ClusterDescription> call) {
    serve(
        call,
        () ->
            changed(
                new ClusterCommand.Stand(
                    new NodeId(request.getNode()),
                    request.getUndo() ? Standing.ACTIVE : Standing.DRAINING)));
  }

  @Override
  public void removeNode(RemoveNodeRequest request, StreamObserver<ClusterDescription> call) {
    serve(call, () -> changed(new ClusterCommand.Remove(new NodeId(request.getNode()))));
  }

  @Override
  public void setReplication(
      SetReplicationRequest request, StreamObserver<ClusterDescription> call) {
    serve(call, () -> changed(new ClusterCommand.Replicate(request.getReplication())));
  }

  @Override
  public void transferLeader(
      TransferLeaderRequest request, StreamObserver<TransferLeaderResponse> call) {
    serve(
        call,
        () ->
            TransferLeaderResponse.newBuilder()
                .setDone(transfer(request.getPartition(), new NodeId(request.getTo())))
                .build());
  }

  @Override
  public void createSnapshots(CreateSnapshotsRequest request, StreamObserver<SnapshotTaken> call) {
    List<SnapshotTaken> wanted = new ArrayList<>();
    try {
      List<Integer> partitions = request.getPartitionsList();
      if (partitions.isEmpty()) {
        partitions =
            metadata.cluster().partitions().stream().map(PartitionReplicas::partition).toList();
      }
      for (int partition : partitions) {
        for (ReplicaId copy : expect(partition).replicas()) {
          wanted.add(
              SnapshotTaken.newBuilder()
                  .setPartition(partition)
                  .setNode(copy.node().number())
                  .build());
        }
      }
    } catch (StatusRuntimeException e) {
      call.onError(e);
      return;
    }
    // One after the other: it costs the disk something.
    for (SnapshotTaken each : wanted) {
      call.onNext(taken(each.toBuilder().setTotal(wanted.size())));
    }
    call.onCompleted();
  }

  private SnapshotTaken taken(SnapshotTaken.Builder answer) {
    try {
      LocalSnapshots.Taken taken =
          snapshots.take(answer.getPartition(), new NodeId(answer.getNode()), neighbours).join();
      return answer.setIndex(taken.index()).setBytes(taken.bytes()).setFiles(taken.files()).build();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String why =
          cause instanceof StatusRuntimeException status
              ? status.getStatus().getDescription()
              : cause.getMessage();
      return answer.setProblem(why == null ? "it did not answer in time" : why).build();
    }
  }

  @Override
  public void rebuildReplica(
      RebuildReplicaRequest request, StreamObserver<RebuildReplicaResponse> call) {
    serve(
        call,
        () -> {
          rebuild(request.getPartition(), new NodeId(request.getNode()));
          return RebuildReplicaResponse.getDefaultInstance();
        });
  }

  /** While it is rebuilt the others do without it: all of them must be there. */
  private void rebuild(int partition, NodeId node) {
    expectOn(partition, node);
    ClusterDescription cluster = descriptions.of(metadata.cluster());
    PartitionInfo now = cluster.getPartitions(partition);
    List<ReplicaInfo> others =
        now.getReplicasList().stream().filter(it -> it.getNode() != node.number()).toList();
    if (others.isEmpty() || !Rebuilds.serveWithout(cluster, others)) {
      throw refused(
          Status.FAILED_PRECONDITION,
          others.isEmpty()
              ? "Expected another copy of partition " + partition + ", but this is the only one"
              : "Expected the other copies of partition "
                  + partition
                  + " to be open on nodes that are heard, but one is not; restatectl partitions"
                  + " describe "
                  + partition
                  + " says why");
    }
    if (now.getLeader() == node.number()
        && !transfer(partition, new NodeId(others.getFirst().getNode()))) {
      throw refused(
          Status.UNAVAILABLE,
          "Expected to hand the leadership of partition " + partition + " over first; try again");
    }
    try {
      if (!rebuilds.begin(partition, node, neighbours).join()) {
        throw refused(
            Status.FAILED_PRECONDITION,
            "Expected the copy on "
                + node
                + " to be open, but it is not: it is healed already, or"
                + " cannot be");
      }
    } catch (CompletionException e) {
      throw refused(Status.UNAVAILABLE, "Expected " + node + " to answer, but it did not");
    }
  }

  private PartitionReplicas expect(int partition) {
    PartitionReplicas replicas = metadata.cluster().replicasOf(partition);
    if (replicas == null) {
      throw refused(
          Status.FAILED_PRECONDITION,
          "Expected a partition below "
              + metadata.cluster().partitions().size()
              + ", but got "
              + partition);
    }
    return replicas;
  }

  private void expectOn(int partition, NodeId to) {
    PartitionReplicas replicas = expect(partition);
    if (!replicas.isOn(to)) {
      throw refused(
          Status.FAILED_PRECONDITION,
          "Expected a node with a copy of partition "
              + partition
              + ", one of "
              + replicas.replicas()
              + ", but got "
              + to);
    }
  }

  private boolean transfer(int partition, NodeId to) {
    expectOn(partition, to);
    NodeId from = membership.leaderHint(partition);
    if (from == null) {
      throw refused(
          Status.UNAVAILABLE,
          "Expected a leader of partition " + partition + ", but there is none; try again");
    }
    return from.equals(to)
        || (neighbours != null
            && neighbours.transfer(new LeaderBalance.Move(partition, from, to)).join());
  }

  private ClusterDescription changed(ClusterCommand command) {
    try {
      MetadataResult result =
          metadata.propose(new ChangeCluster(command)).get(CHANGE_SECONDS, TimeUnit.SECONDS);
      if (result instanceof MetadataResult.Rejected rejected) {
        throw refused(Status.FAILED_PRECONDITION, rejected.message());
      }
      ClusterView view =
          result instanceof MetadataResult.Described described
              ? described.view()
              : metadata.cluster();
      return descriptions.of(view);
    } catch (ExecutionException | TimeoutException e) {
      throw refused(
          Status.UNAVAILABLE,
          "Expected the leader of the metadata to take the change, but it is unknown whether it"
              + " did; look at the status, and try again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(Status.UNAVAILABLE, "The node stops");
    }
  }

  private static StatusRuntimeException refused(Status status, String why) {
    return status.withDescription(why).asRuntimeException();
  }

  private static <T> void serve(StreamObserver<T> call, Supplier<T> work) {
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
