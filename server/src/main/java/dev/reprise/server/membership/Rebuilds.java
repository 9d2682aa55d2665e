package dev.reprise.server.membership;

import dev.reprise.api.admin.v1.ClusterDescription;
import dev.reprise.api.admin.v1.NodeInfo;
import dev.reprise.api.admin.v1.ReplicaInfo;
import dev.reprise.api.nodes.v1.BeginRebuildRequest;
import dev.reprise.api.nodes.v1.BeginRebuildResponse;
import dev.reprise.api.nodes.v1.RebuildsGrpc;
import dev.reprise.cluster.membership.ClusterView;
import dev.reprise.cluster.membership.Member;
import dev.reprise.cluster.membership.NodeId;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Has a copy rebuilt because somebody wants that: this node's own, or, by asking, another's. */
public final class Rebuilds extends RebuildsGrpc.RebuildsImplBase {
  /** Nodes say twice a second how they are. */
  private static final long SILENT_MILLIS = 5_000;

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

  /**
   * Whether these copies can do without another: each is open, and its node was heard lately. What
   * a node that is down said last may be that all is well.
   */
  static boolean serveWithout(ClusterDescription cluster, List<ReplicaInfo> copies) {
    Set<Integer> heard =
        cluster.getNodesList().stream()
            .filter(it -> it.getHeardMillisAgo() >= 0 && it.getHeardMillisAgo() < SILENT_MILLIS)
            .map(NodeInfo::getId)
            .collect(Collectors.toSet());
    return copies.stream().allMatch(it -> it.getOpen() && heard.contains(it.getNode()));
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
