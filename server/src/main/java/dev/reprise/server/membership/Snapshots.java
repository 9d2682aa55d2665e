package dev.reprise.server.membership;

import dev.reprise.api.nodes.v1.SnapshotsGrpc;
import dev.reprise.api.nodes.v1.TakeSnapshotRequest;
import dev.reprise.api.nodes.v1.TakeSnapshotResponse;
import dev.reprise.cluster.checkpoint.CheckpointException;
import dev.reprise.cluster.log.LogException;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.NodeId;
import dev.reprise.server.membership.LocalSnapshots.Taken;
import dev.reprise.storage.kv.StorageException;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Snapshots of all nodes' copies: this node takes its own, and asks others for theirs. */
public final class Snapshots extends SnapshotsGrpc.SnapshotsImplBase {
  private final NodeId self;
  private final Supplier<ClusterView> view;
  private final Executor threads;
  private volatile LocalSnapshots local =
      partition -> {
        throw new LogException(
            "Expected partition " + partition + " to be open, but the node starts");
      };

  /**
   * @param threads may be blocked
   */
  public Snapshots(NodeId self, Supplier<ClusterView> view, Executor threads) {
    this.self = self;
    this.view = view;
    this.threads = threads;
  }

  /** From now on this node has copies. */
  public void serve(LocalSnapshots copies) {
    local = copies;
  }

  @Override
  public void take(TakeSnapshotRequest request, StreamObserver<TakeSnapshotResponse> call) {
    if (SameCluster.refuses(view.get(), request.getFingerprint(), call)) {
      return;
    }
    threads.execute(() -> answer(request.getPartition(), call));
  }

  private void answer(int partition, StreamObserver<TakeSnapshotResponse> call) {
    Taken taken;
    try {
      taken = local.take(partition);
    } catch (LogException | StorageException | CheckpointException e) {
      call.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asRuntimeException());
      return;
    }
    call.onNext(
        TakeSnapshotResponse.newBuilder()
            .setIndex(taken.index())
            .setBytes(taken.bytes())
            .setFiles(taken.files())
            .build());
    call.onCompleted();
  }

  /**
   * Takes one of a node's copy of a partition. Completes exceptionally with why there is none.
   *
   * @param others asks the other nodes; null for a node that is alone
   */
  CompletableFuture<Taken> take(int partition, NodeId node, @Nullable Neighbourhood others) {
    if (node.equals(self)) {
      return CompletableFuture.supplyAsync(() -> local.take(partition), threads);
    }
    Member member = view.get().member(node);
    if (member == null || others == null) {
      return CompletableFuture.failedFuture(
          new LogException("Expected " + node + " to be a member, but it is none"));
    }
    TakeSnapshotRequest request =
        TakeSnapshotRequest.newBuilder()
            .setFingerprint(view.get().fingerprint())
            .setPartition(partition)
            .build();
    return others
        .take(member.addresses().internode(), request)
        .thenApply(it -> new Taken(it.getIndex(), it.getBytes(), it.getFiles()));
  }
}
