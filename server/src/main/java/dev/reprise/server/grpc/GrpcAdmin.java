package dev.reprise.server.grpc;

import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.ListInvocationsRequest;
import dev.reprise.server.admin.InvocationLister;
import dev.reprise.server.admin.InvocationLister.Query;
import dev.reprise.server.admin.InvocationLister.Row;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gRPC admin service. Its calls run on threads that may block. */
public final class GrpcAdmin extends AdminGrpc.AdminImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcAdmin.class);
  private static final int DEFAULT_LIMIT = 1_000;
  private static final int MAX_LIMIT = 100_000;

  private final InvocationLister lister;

  public GrpcAdmin(InvocationLister lister) {
    this.lister = lister;
  }

  @Override
  public void listInvocations(
      ListInvocationsRequest request, StreamObserver<InvocationInfo> answer) {
    int limit = request.getLimit() == 0 ? DEFAULT_LIMIT : request.getLimit();
    if (limit < 0 || limit > MAX_LIMIT) {
      String expected =
          "Expected a limit of at most "
              + MAX_LIMIT
              + " rows, but got "
              + Integer.toUnsignedString(limit);
      answer.onError(Status.INVALID_ARGUMENT.withDescription(expected).asRuntimeException());
      return;
    }
    var stream = (ServerCallStreamObserver<InvocationInfo>) answer;
    Query query = new Query(request.getService(), request.getIncludeCompleted(), limit);
    try {
      lister.list(
          query,
          row -> {
            if (!stream.isCancelled()) {
              stream.onNext(info(row));
            }
            return !stream.isCancelled();
          });
    } catch (RuntimeException e) {
      LOG.warn("listing invocations failed", e);
      String failed = "Listing invocations failed; the server's log says why";
      answer.onError(Status.INTERNAL.withDescription(failed).asRuntimeException());
      return;
    }
    if (!stream.isCancelled()) {
      stream.onCompleted();
    }
  }

  private static InvocationInfo info(Row row) {
    return InvocationInfo.newBuilder()
        .setId(row.id())
        .setTarget(row.target())
        .setStatus(row.status())
        .setCreatedAtMillis(row.createdAtMillis())
        .setScheduledAtMillis(row.scheduledAtMillis())
        .setJournalLength(row.journalLength())
        .setDeployment(row.deployment())
        .setWaitingFor(row.waitingFor())
        .build();
  }
}
