package dev.reprise.server.membership;

import dev.reprise.cluster.membership.ClusterView;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** What a node may be asked by members of its cluster only. */
final class SameCluster {
  private SameCluster() {}

  /**
   * Whether the call is of another cluster's node; it is answered then.
   *
   * @param fingerprint of the caller's cluster
   */
  static boolean refuses(ClusterView ours, String fingerprint, StreamObserver<?> call) {
    if (fingerprint.equals(ours.fingerprint())) {
      return false;
    }
    call.onError(
        Status.PERMISSION_DENIED
            .withDescription("Expected a node of this cluster, but it is of another one")
            .asRuntimeException());
    return true;
  }
}
