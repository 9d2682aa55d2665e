package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.DescribeInvocationRequest;
import dev.reprise.api.admin.v1.GetStateRequest;
import dev.reprise.api.admin.v1.GetStateResponse;
import dev.reprise.api.admin.v1.ManageInvocationRequest;
import dev.reprise.api.admin.v1.ManageInvocationRequest.Operation;
import dev.reprise.api.admin.v1.ManageInvocationResponse;
import dev.reprise.api.admin.v1.ReplaceStateRequest;
import dev.reprise.api.ingress.v1.CancelInvocationRequest;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.InvocationFailure;
import dev.reprise.api.ingress.v1.PeekPromiseRequest;
import dev.reprise.api.ingress.v1.PeekPromiseResponse;
import dev.reprise.api.ingress.v1.PromiseRef;
import dev.reprise.api.ingress.v1.RejectAwakeableRequest;
import dev.reprise.api.ingress.v1.RejectPromiseRequest;
import dev.reprise.api.ingress.v1.ResolveAwakeableRequest;
import dev.reprise.api.ingress.v1.ResolvePromiseRequest;
import dev.reprise.api.ingress.v1.SendSignalRequest;
import dev.reprise.api.ingress.v1.WorkflowRef;
import dev.reprise.cluster.engine.Command;
import dev.reprise.cluster.engine.Result.Rejection;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Ingress.Answer.Accepted;
import dev.reprise.cluster.partition.Ingress.Answer.Done;
import dev.reprise.cluster.partition.Ingress.Answer.Peeked;
import dev.reprise.cluster.partition.Ingress.Answer.Refused;
import dev.reprise.cluster.partition.Ingress.Answer.Requested;
import dev.reprise.cluster.partition.Ingress.Answer.State;
import dev.reprise.server.operations.InvocationDescriber.Description;
import dev.reprise.server.operations.InvocationDescriber.End;
import dev.reprise.server.operations.InvocationDescriber.Entry;
import dev.reprise.server.operations.InvocationLister.Row;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Outcome.Failure;
import dev.reprise.storage.model.Outcome.Success;
import dev.reprise.storage.model.Signal;
import dev.reprise.storage.model.SignalId;
import dev.reprise.storage.model.StateEntry;
import io.grpc.BindableService;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Awakeables, promises, signals, operations and state over gRPC, over real sockets. */
@Timeout(60)
class GrpcOperationsTest extends IngressDoorTest {
  private static final String AWAKEABLE = "sign_1qI_Vo2Pseu0mCUkLBnfCMZ0TAXtifP8tAAAAEQ";
  private static final InvocationId ID = new InvocationId(1, 2, 3);
  private static final InvocationId NEW = new InvocationId(1, 5, 6);
  private static final PromiseRef PROMISE =
      PromiseRef.newBuilder()
          .setWorkflow(WorkflowRef.newBuilder().setName("Wf").setKey("k"))
          .setName("approved")
          .build();

  @Override
  List<BindableService> services() {
    return List.of(
        new GrpcIngress(echo.requests),
        new GrpcAdmin(
            (query, rows) -> {},
            id -> id.equals(ID) ? described() : null,
            echo.operations(),
            echo.stateEdits(),
            new SampleLimits()));
  }

  @Test
  void anAwakeableIsCompletedOnceAndALaterValueIsSaidToBeLate() throws Exception {
    ResolveAwakeableRequest resolve =
        ResolveAwakeableRequest.newBuilder().setAwakeableId(AWAKEABLE).setValue(utf8("v")).build();
    echo.ingress.answerNext(new Done());
    var first = ingress().resolveAwakeable(resolve);
    echo.ingress.answerNext(new Refused(Rejection.DECIDED, "it has another value"));
    StatusRuntimeException late =
        failure(
            () ->
                ingress()
                    .rejectAwakeable(
                        RejectAwakeableRequest.newBuilder()
                            .setAwakeableId(AWAKEABLE)
                            .setReason("no")
                            .setCode(418)
                            .build()));

    assertThat(first).isNotNull();
    assertThat(late.getStatus().getCode()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(reason(late)).isEqualTo("ALREADY_DECIDED");
    assertThat(echo.ingress.signals())
        .containsExactly(
            new Signal(new SignalId.Index(17), new Success(Bytes.utf8("v"))),
            new Signal(new SignalId.Index(17), new Failure(418, "no")));
  }

  @Test
  void anAwakeableThatIsNoneIsRefused() throws Exception {
    assertThat(
            reason(
                failure(
                    () ->
                        ingress()
                            .resolveAwakeable(
                                ResolveAwakeableRequest.newBuilder()
                                    .setAwakeableId("sign_1")
                                    .build()))))
        .isEqualTo("BAD_ID");
    assertThat(echo.ingress.signals()).isEmpty();
  }

  @Test
  void aPromiseIsDecidedAndLookedAt() throws Exception {
    echo.ingress.answerNext(new Done());
    var resolved =
        ingress()
            .resolvePromise(
                ResolvePromiseRequest.newBuilder()
                    .setPromise(PROMISE)
                    .setValue(utf8("yes"))
                    .build());
    echo.ingress.answerNext(new Refused(Rejection.DECIDED, "it is decided"));
    StatusRuntimeException late =
        failure(
            () ->
                ingress()
                    .rejectPromise(
                        RejectPromiseRequest.newBuilder()
                            .setPromise(PROMISE)
                            .setReason("no")
                            .build()));

    assertThat(resolved).isNotNull();
    assertThat(late.getStatus().getCode()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(echo.ingress.decisions()).hasSize(2);
    assertThat(peek(new Peeked(null)).hasPending()).isTrue();
    assertThat(peek(new Peeked(new Success(Bytes.utf8("yes")))).getValue()).isEqualTo(utf8("yes"));
    assertThat(peek(new Peeked(new Failure(500, "no", Map.of("a", "b")))).getFailure())
        .isEqualTo(
            InvocationFailure.newBuilder()
                .setCode(500)
                .setMessage("no")
                .putMetadata("a", "b")
                .build());
  }

  @Test
  void onlyAWorkflowHasPromises() throws Exception {
    PromiseRef ofObject =
        PROMISE.toBuilder().setWorkflow(WorkflowRef.newBuilder().setName("Obj")).build();
    PromiseRef unnamed = PROMISE.toBuilder().clearName().build();

    for (PromiseRef wrong : List.of(ofObject, unnamed, PromiseRef.getDefaultInstance())) {
      StatusRuntimeException refused =
          failure(
              () ->
                  ingress().peekPromise(PeekPromiseRequest.newBuilder().setPromise(wrong).build()));
      assertThat(refused.getStatus().getCode()).isIn(Code.INVALID_ARGUMENT, Code.NOT_FOUND);
    }
  }

  @Test
  void aSignalBringsAValueOrAFailureOrOnlyItself() throws Exception {
    SendSignalRequest.Builder signal =
        SendSignalRequest.newBuilder().setInvocationId(ID.toString()).setName("go");
    for (SendSignalRequest.Builder one :
        List.of(
            signal.clone().setValue(utf8("v")),
            signal.clone().setFailure(InvocationFailure.newBuilder().setMessage("no")),
            signal.clone())) {
      echo.ingress.answerNext(new Done());
      assertThat(ingress().sendSignal(one.build())).isNotNull();
    }

    SignalId name = new SignalId.Name("go");
    assertThat(echo.ingress.signals())
        .containsExactly(
            new Signal(name, new Success(Bytes.utf8("v"))),
            new Signal(name, new Failure(500, "no")),
            new Signal(name, null));
    StatusRuntimeException nobody = failure(() -> ingress().sendSignal(signal.build()));
    assertThat(nobody.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
  }

  @Test
  void aCancelSaysWhetherItEndedOrWasAskedTo() {
    assertThat(cancel(new Done())).isTrue();
    assertThat(cancel(new Requested())).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"CANCEL", "KILL", "PURGE", "PURGE_JOURNAL", "PAUSE", "RESUME"})
  void anInvocationIsManaged(Operation operation) throws Exception {
    echo.ingress.answerNext(new Requested());

    assertThat(manage(operation).getDone()).isFalse();
    assertThat(echo.ingress.operations().getFirst().id()).isEqualTo(ID);
  }

  @Test
  void aRestartNamesTheNewInvocation() throws Exception {
    echo.ingress.answerNext(new Accepted(NEW, true, 0));

    assertThat(manage(Operation.RESTART).getNewInvocationId()).isEqualTo(NEW.toString());
    assertThat(echo.ingress.operations().getFirst()).isInstanceOf(Command.Restart.class);
  }

  @Test
  void anOperationThatIsNoneOrThatIsRefusedIsSaid() throws Exception {
    echo.ingress.answerNext(new Refused(Rejection.NOT_STARTED, "it waits"));
    StatusRuntimeException early = failure(() -> manage(Operation.RESUME));

    assertThat(early.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(reason(early)).isEqualTo("NOT_STARTED");
    assertThat(reason(failure(() -> manage(Operation.OPERATION_UNSPECIFIED))))
        .isEqualTo("MALFORMED_REQUEST");
  }

  @Test
  void anInvocationIsDescribedWithItsJournal() throws Exception {
    var detail =
        admin()
            .describeInvocation(
                DescribeInvocationRequest.newBuilder().setId(ID.toString()).build());

    assertThat(detail.getInfo().getTarget()).isEqualTo("S/h");
    assertThat(detail.getIdempotencyKey()).isEqualTo("k");
    assertThat(detail.getProtocolVersion()).isEqualTo(6);
    assertThat(detail.getJournal(0).getType()).isEqualTo("Command: Input");
    assertThat(detail.getFailure().getCode()).isEqualTo(418);
    assertThat(
            reason(
                failure(
                    () ->
                        admin()
                            .describeInvocation(
                                DescribeInvocationRequest.newBuilder()
                                    .setId(NEW.toString())
                                    .build()))))
        .isEqualTo("INVOCATION_NOT_FOUND");
  }

  @Test
  void aStateIsShownWithItsVersionAndReplaced() throws Exception {
    List<StateEntry> entries = List.of(new StateEntry(Bytes.utf8("a"), Bytes.utf8("1")));
    echo.ingress.answerNext(new State(List.of(), true));
    GetStateResponse empty = admin().getState(of("Obj"));
    echo.ingress.answerNext(new State(entries, true));
    GetStateResponse one = admin().getState(of("Obj"));
    echo.ingress.answerNext(new State(entries, false));
    StatusRuntimeException large = failure(() -> admin().getState(of("Obj")));
    echo.ingress.answerNext(new Refused(Rejection.OTHER_VERSION, "it has changed"));
    StatusRuntimeException changed =
        failure(
            () ->
                admin()
                    .replaceState(
                        ReplaceStateRequest.newBuilder().setService("Obj").setKey("k").build()));

    // The version that the admin API's reference gives for no state.
    assertThat(empty.getVersion()).isEqualTo("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
    assertThat(one.getEntries(0).getKey()).isEqualTo("a");
    assertThat(one.getEntries(0).getValue()).isEqualTo(utf8("1"));
    assertThat(reason(large)).isEqualTo("BODY_TOO_LARGE");
    assertThat(changed.getStatus().getCode()).isEqualTo(Code.ABORTED);
    assertThat(reason(failure(() -> admin().getState(of("Probe"))))).isEqualTo("MALFORMED_REQUEST");
    assertThat(reason(failure(() -> admin().getState(of("Nope"))))).isEqualTo("SERVICE_NOT_FOUND");
  }

  private static Description described() {
    return new Description(
        new Row(ID.toString(), "S/h", "completed", 1, 0, 1, "dp_1", "", "", ""),
        "k",
        6,
        List.of(new Entry(0, "Command: Input", 3)),
        new End(5, new Failure(418, "boom"), 6, 7));
  }

  private PeekPromiseResponse peek(Answer answer) {
    echo.ingress.answerNext(answer);
    return ingress().peekPromise(PeekPromiseRequest.newBuilder().setPromise(PROMISE).build());
  }

  private boolean cancel(Answer answer) {
    echo.ingress.answerNext(answer);
    return ingress()
        .cancelInvocation(
            CancelInvocationRequest.newBuilder().setInvocationId(ID.toString()).build())
        .getEnded();
  }

  private ManageInvocationResponse manage(Operation operation) {
    return admin()
        .manageInvocation(
            ManageInvocationRequest.newBuilder()
                .setId(ID.toString())
                .setOperation(operation)
                .build());
  }

  private static GetStateRequest of(String service) {
    return GetStateRequest.newBuilder().setService(service).setKey("k").build();
  }

  private IngressGrpc.IngressBlockingStub ingress() {
    return IngressGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private AdminGrpc.AdminBlockingStub admin() {
    return AdminGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }
}
