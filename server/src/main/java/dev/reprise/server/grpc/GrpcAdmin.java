package dev.reprise.server.grpc;

import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.DescribeInvocationRequest;
import dev.reprise.api.admin.v1.GetStateRequest;
import dev.reprise.api.admin.v1.GetStateResponse;
import dev.reprise.api.admin.v1.InvocationDetail;
import dev.reprise.api.admin.v1.InvocationInfo;
import dev.reprise.api.admin.v1.LimitUsage;
import dev.reprise.api.admin.v1.ListInvocationsRequest;
import dev.reprise.api.admin.v1.ListLimitsRequest;
import dev.reprise.api.admin.v1.ListRulesRequest;
import dev.reprise.api.admin.v1.ListRulesResponse;
import dev.reprise.api.admin.v1.ManageInvocationRequest;
import dev.reprise.api.admin.v1.ManageInvocationResponse;
import dev.reprise.api.admin.v1.ReplaceStateRequest;
import dev.reprise.api.admin.v1.ReplaceStateResponse;
import dev.reprise.cluster.metadata.CatchingUp;
import dev.reprise.server.ingress.Afresh;
import dev.reprise.server.ingress.Names;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.operations.InvocationDescriber;
import dev.reprise.server.operations.InvocationDescriber.Description;
import dev.reprise.server.operations.InvocationLister;
import dev.reprise.server.operations.InvocationLister.Query;
import dev.reprise.server.operations.InvocationOperations;
import dev.reprise.server.operations.LimitLister;
import dev.reprise.server.operations.Operation;
import dev.reprise.server.operations.StateEdits;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gRPC admin service. Its calls run on threads that may block. */
public final class GrpcAdmin extends AdminGrpc.AdminImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcAdmin.class);
  private static final int DEFAULT_LIMIT = 1_000;
  private static final int MAX_LIMIT = 100_000;

  private final InvocationLister lister;
  private final InvocationDescriber describer;
  private final InvocationOperations operations;
  private final StateEdits state;
  private final LimitLister limits;
  private final Afresh afresh;

  /** The admin service of a node that is alone. */
  public GrpcAdmin(
      InvocationLister lister,
      InvocationDescriber describer,
      InvocationOperations operations,
      StateEdits state,
      LimitLister limits) {
    this(lister, describer, operations, state, limits, new Afresh(CatchingUp.alone()));
  }

  /** The admin service of a node. */
  public GrpcAdmin(
      InvocationLister lister,
      InvocationDescriber describer,
      InvocationOperations operations,
      StateEdits state,
      LimitLister limits,
      Afresh afresh) {
    this.lister = lister;
    this.describer = describer;
    this.operations = operations;
    this.state = state;
    this.limits = limits;
    this.afresh = afresh;
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
    Query query = new Query(request.getService(), request.getIncludeCompleted(), limit);
    stream("invocations", answer, rows -> lister.list(query, rows), AdminMessages::info);
  }

  @Override
  public void listLimits(ListLimitsRequest request, StreamObserver<LimitUsage> answer) {
    stream("limits", answer, limits::usage, AdminMessages::usage);
  }

  @Override
  public void listRules(ListRulesRequest request, StreamObserver<ListRulesResponse> call) {
    serve(call, () -> CompletableFuture.completedFuture(AdminMessages.rules(limits.rules())));
  }

  /** Gives a message for each row, until whoever asks has enough. */
  private static <R, M> void stream(
      String what,
      StreamObserver<M> answer,
      Consumer<Predicate<R>> listing,
      Function<R, M> message) {
    var stream = (ServerCallStreamObserver<M>) answer;
    try {
      listing.accept(
          row -> {
            if (!stream.isCancelled()) {
              stream.onNext(message.apply(row));
            }
            return !stream.isCancelled();
          });
    } catch (Refused e) {
      answer.onError(GrpcErrors.refused(e));
      return;
    } catch (RuntimeException e) {
      LOG.warn("listing {} failed", what, e);
      String failed = "Listing " + what + " failed; the server's log says why";
      answer.onError(Status.INTERNAL.withDescription(failed).asRuntimeException());
      return;
    }
    if (!stream.isCancelled()) {
      stream.onCompleted();
    }
  }

  @Override
  public void describeInvocation(
      DescribeInvocationRequest request, StreamObserver<InvocationDetail> call) {
    serve(
        call,
        () -> {
          Description found = describer.describe(Names.id(request.getId()));
          if (found == null) {
            throw new Refused(Reason.INVOCATION_NOT_FOUND, "invocation not found");
          }
          return CompletableFuture.completedFuture(AdminMessages.detail(found));
        });
  }

  @Override
  public void manageInvocation(
      ManageInvocationRequest request, StreamObserver<ManageInvocationResponse> call) {
    serve(
        call,
        () -> {
          Operation operation = AdminMessages.operation(request);
          return operations
              .run(operation, Names.id(request.getId()), AdminMessages.choice(operation, request))
              .thenApply(AdminMessages::managed);
        });
  }

  @Override
  public void getState(GetStateRequest request, StreamObserver<GetStateResponse> call) {
    serve(
        call,
        () -> state.read(request.getService(), request.getKey()).thenApply(AdminMessages::state));
  }

  @Override
  public void replaceState(ReplaceStateRequest request, StreamObserver<ReplaceStateResponse> call) {
    serve(
        call,
        () ->
            state
                .replace(
                    request.getService(),
                    request.getKey(),
                    request.hasExpectedVersion() ? request.getExpectedVersion() : null,
                    AdminMessages.entries(request))
                .thenApply(done -> ReplaceStateResponse.newBuilder().setDone(done).build()));
  }

  private <T> void serve(StreamObserver<T> call, Supplier<CompletableFuture<T>> work) {
    CompletableFuture<T> answer;
    try {
      answer = afresh.attempt(work);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var unused = answer.whenComplete((value, problem) -> answer(call, value, problem));
  }

  private static <T> void answer(
      StreamObserver<T> call, @Nullable T value, @Nullable Throwable problem) {
    if (((ServerCallStreamObserver<T>) call).isCancelled()) {
      return;
    }
    Throwable cause =
        problem instanceof CompletionException && problem.getCause() != null
            ? problem.getCause()
            : problem;
    if (value != null) {
      call.onNext(value);
      call.onCompleted();
    } else if (cause instanceof Refused refused) {
      call.onError(GrpcErrors.refused(refused));
    } else {
      LOG.error("an admin call failed", cause);
      String failed = "The call failed; the server's log says why";
      call.onError(Status.INTERNAL.withDescription(failed).asRuntimeException());
    }
  }
}
