package dev.reprise.server.membership;

import dev.reprise.api.nodes.v1.BeginRebuildRequest;
import dev.reprise.api.nodes.v1.BeginRebuildResponse;
import dev.reprise.api.nodes.v1.RebuildsGrpc;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.NodeId;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has a copy rebuilt because somebody wants that: this node's own, or, by asking, another's. */
public final class Rebuilds extends RebuildsGrpc.RebuildsImplBase {
  private final NodeId self;
  private final Supplier<ClusterView> view;
  private volatile IntPredicate local = partition -> false;

  public Rebuilds(NodeId self, Supplier<ClusterView> view) {
    this.self = self;
    this.view = view;
  }

  /**
   * From now on this node has copies.
   *
   * @param begin sets a partition's copy aside; false when it is not open
   */
  public void serve(IntPredicate begin) {
    local = begin;
  }

  @Override
  public void begin(BeginRebuildRequest request, StreamObserver<BeginRebuildResponse> call) {
    if (SameCluster.refuses(view.get(), request.getFingerprint(), call)) {
      return;
    }
    boolean begun = local.test(request.getPartition());
    call.onNext(BeginRebuildResponse.newBuilder().setBegun(begun).build());
    call.onCompleted();
  }

  /**
   * Begins to rebuild a node's copy of a partition; completes with whether it was open and has been
   * set aside, or exceptionally when the node did not answer.
   *
   * @param others asks the other nodes; null for a node that is alone
   */
  CompletableFuture<Boolean> begin(int partition, NodeId node, @Nullable Neighbourhood others) {
    Member member = view.get().member(node);
    if (node.equals(self) || member == null || others == null) {
      return CompletableFuture.completedFuture(node.equals(self) && local.test(partition));
    }
    BeginRebuildRequest request =
        BeginRebuildRequest.newBuilder()
            .setFingerprint(view.get().fingerprint())
            .setPartition(partition)
            .build();
    return others
        .beginRebuild(member.addresses().internode(), request)
        .thenApply(BeginRebuildResponse::getBegun);
  }
}
