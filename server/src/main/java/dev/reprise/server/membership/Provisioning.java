package dev.reprise.server.membership;

import dev.reprise.api.admin.v1.ClusterAdminGrpc;
import dev.reprise.api.admin.v1.ProvisionRequest;
import dev.reprise.api.admin.v1.ProvisionResponse;
import io.grpc.stub.StreamObserver;

/** What a node that is in no cluster yet can be told: to found one. Any thread. */
public final class Provisioning extends ClusterAdminGrpc.ClusterAdminImplBase {
  private volatile boolean asked;

  /** Whether somebody has told it to. */
  public boolean isAsked() {
    return asked;
  }

  @Override
  public void provision(ProvisionRequest request, StreamObserver<ProvisionResponse> call) {
    asked = true;
    call.onNext(ProvisionResponse.getDefaultInstance());
    call.onCompleted();
  }
}
