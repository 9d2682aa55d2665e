package dev.reprise.chaos;

import static dev.reprise.chaos.rig.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.reprise.api.ingress.v1.AttachRequest;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.CancelInvocationRequest;
import dev.reprise.api.ingress.v1.GetOutputRequest;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.InvocationRef;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.api.ingress.v1.PeekPromiseRequest;
import dev.reprise.api.ingress.v1.PeekPromiseResponse;
import dev.reprise.api.ingress.v1.PromiseRef;
import dev.reprise.api.ingress.v1.RejectAwakeableRequest;
import dev.reprise.api.ingress.v1.ResolveAwakeableRequest;
import dev.reprise.api.ingress.v1.ResolvePromiseRequest;
import dev.reprise.api.ingress.v1.SendRequest;
import dev.reprise.api.ingress.v1.SendSignalRequest;
import dev.reprise.api.ingress.v1.WorkflowRef;
import dev.reprise.chaos.rig.ServerProcess;
import dev.reprise.chaos.rig.Storm;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A gRPC client of a real node, and real handlers. */
@Timeout(90)
class GrpcClientTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @RegisterExtension final Storm storm = new Storm();

  private final DoorServices.Doors doors = new DoorServices.Doors();
  private ServerProcess server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    server = storm.server();
    var endpoint = storm.serve(doors, new DoorServices.Approval(), new DoorServices.Notes());
    server.admin().register(URI.create("http://127.0.0.1:" + endpoint.port()));
    ManagedChannel opened = ManagedChannelBuilder.forTarget(server.grpc()).usePlaintext().build();
    channel = opened;
    storm.add(() -> opened.shutdownNow().awaitTermination(5, TimeUnit.SECONDS));
  }

  @Test
  void aClientGetsTheAnswerOfAHandler() {
    String body =
        stub()
            .call(
                CallRequest.newBuilder()
                    .setInvoke(invoke("greet").setBody(json("\"Ada\"")))
                    .build())
            .getOutput()
            .getBody()
            .toStringUtf8();

    assertThat(body).isEqualTo("\"Hello Ada\"");
  }

  @Test
  void aClientGetsTheErrorOfAHandler() {
    StatusRuntimeException failure =
        failure(
            () ->
                stub()
                    .call(
                        CallRequest.newBuilder()
                            .setInvoke(invoke("fail").setBody(json("404")))
                            .build()));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(failure.getStatus().getDescription()).isEqualTo("it is no good");
  }

  @Test
  void aDeadlineEndsTheWaitingAndTheInvocationGoesOn() throws Exception {
    CallRequest call =
        CallRequest.newBuilder().setInvoke(invoke("ask").setIdempotencyKey("once")).build();

    StatusRuntimeException late =
        failure(
            () ->
                IngressGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(1, TimeUnit.SECONDS)
                    .call(call));
    var resolved =
        stub()
            .resolveAwakeable(
                ResolveAwakeableRequest.newBuilder()
                    .setAwakeableId(doors.awakeable())
                    .setValue(json("\"yes\""))
                    .build());

    assertThat(late.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(resolved).isNotNull();
    // The same request again gets the answer of the first.
    assertThat(stub().call(call).getOutput().getBody().toStringUtf8()).isEqualTo("\"heard yes\"");
  }

  @Test
  void aCancelledInvocationEndsForWhoeverWaits() throws Exception {
    String id = send(invoke("ask"));
    doors.awakeable();
    var waiting =
        IngressGrpc.newFutureStub(channel)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .attach(AttachRequest.newBuilder().setInvocation(ref(id)).build());

    boolean ended =
        stub()
            .cancelInvocation(CancelInvocationRequest.newBuilder().setInvocationId(id).build())
            .getEnded();

    assertThat(ended).isFalse();
    StatusRuntimeException cancelled =
        failure(
            () -> {
              try {
                waiting.get(SOON.toSeconds(), TimeUnit.SECONDS);
              } catch (java.util.concurrent.ExecutionException e) {
                throw e.getCause();
              }
            });
    assertThat(cancelled.getStatus().getCode()).isEqualTo(Code.ABORTED);
    assertThat(cancelled.getStatus().getDescription()).isEqualToIgnoringCase("cancelled");
  }

  @Test
  void aClientThatCancelsLeavesTheInvocationAlone() throws Exception {
    var call =
        IngressGrpc.newFutureStub(channel)
            .call(
                CallRequest.newBuilder()
                    .setInvoke(invoke("ask").setIdempotencyKey("left"))
                    .build());
    String awakeable = doors.awakeable();
    call.cancel(true);

    eventually(
        SOON, () -> assertThat(server.admin().metric("reprise_gateway_waiting_requests")).isZero());
    assertThat(server.admin().open("doors")).hasSize(1);
    assertThat(server.ingress().to("restate/a/" + awakeable + "/resolve").post("\"x\"").status())
        .isEqualTo(202);
    assertThat(
            stub()
                .call(
                    CallRequest.newBuilder()
                        .setInvoke(invoke("ask").setIdempotencyKey("left"))
                        .build())
                .getOutput()
                .getBody()
                .toStringUtf8())
        .isEqualTo("\"heard x\"");
  }

  @Test
  void aRejectedAwakeableFailsItsHandlerAndIsRejectedOnce() throws Exception {
    String id = send(invoke("ask"));
    RejectAwakeableRequest reject =
        RejectAwakeableRequest.newBuilder()
            .setAwakeableId(doors.awakeable())
            .setReason("never")
            .setCode(422)
            .build();
    assertThat(stub().rejectAwakeable(reject)).isNotNull();

    StatusRuntimeException failed =
        failure(() -> stub().attach(AttachRequest.newBuilder().setInvocation(ref(id)).build()));
    StatusRuntimeException late = failure(() -> stub().rejectAwakeable(reject));

    assertThat(failed.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(failed.getStatus().getDescription()).isEqualTo("never");
    assertThat(late.getStatus().getCode()).isIn(Code.ALREADY_EXISTS, Code.FAILED_PRECONDITION);
  }

  @Test
  void aSignalReachesTheHandlerThatWaitsForIt() {
    String id = send(invoke("listen"));
    SendSignalRequest signal =
        SendSignalRequest.newBuilder()
            .setInvocationId(id)
            .setName("go")
            .setValue(json("\"now\""))
            .build();
    assertThat(stub().sendSignal(signal)).isNotNull();

    assertThat(
            stub()
                .attach(AttachRequest.newBuilder().setInvocation(ref(id)).build())
                .getOutput()
                .getBody()
                .toStringUtf8())
        .isEqualTo("\"heard now\"");
  }

  @Test
  void aWorkflowIsSubmittedThroughOneDoorAndDecidedThroughTheOther() throws Exception {
    WorkflowRef workflow = WorkflowRef.newBuilder().setName("approval").setKey("k").build();
    PromiseRef promise = PromiseRef.newBuilder().setWorkflow(workflow).setName("decision").build();
    var first = server.ingress().to("approval/k/run/send").post("\"lunch\"").expectAccepted();
    var second = server.ingress().to("approval/k/run/send").post("\"dinner\"").expectAccepted();
    PeekPromiseResponse before = peek(promise);
    GetOutputRequest output =
        GetOutputRequest.newBuilder()
            .setInvocation(InvocationRef.newBuilder().setWorkflow(workflow))
            .build();

    assertThat(first.path("status").stringValue()).isEqualTo("Accepted");
    assertThat(second.path("status").stringValue()).isEqualTo("PreviouslyAccepted");
    assertThat(before.hasPending()).isTrue();
    assertThat(stub().getOutput(output).hasOutput()).isFalse();

    ResolvePromiseRequest resolve =
        ResolvePromiseRequest.newBuilder()
            .setPromise(promise)
            .setValue(json("\"granted\""))
            .build();
    assertThat(stub().resolvePromise(resolve)).isNotNull();

    assertThat(server.ingress().to("restate/workflow/approval/k/attach").get().expectText())
        .isEqualTo("\"lunch: granted\"");
    assertThat(stub().getOutput(output).getOutput().getBody().toStringUtf8())
        .isEqualTo("\"lunch: granted\"");
    assertThat(peek(promise).getValue()).isEqualTo(json("\"granted\""));
    assertThat(failure(() -> stub().resolvePromise(resolve)).getStatus().getCode())
        .isEqualTo(Code.ALREADY_EXISTS);
    assertThat(server.ingress().to("approval/k/decided").post().expectText()).isEqualTo("true");
    assertThat(server.ingress().to("approval/k/run").post("\"more\"").status()).isEqualTo(409);
  }

  private PeekPromiseResponse peek(PromiseRef promise) {
    return stub().peekPromise(PeekPromiseRequest.newBuilder().setPromise(promise).build());
  }

  private String send(Invoke.Builder invoke) {
    return stub().send(SendRequest.newBuilder().setInvoke(invoke).build()).getInvocationId();
  }

  private static InvocationRef ref(String id) {
    return InvocationRef.newBuilder().setInvocationId(id).build();
  }

  private static Invoke.Builder invoke(String handler) {
    Invoke.Builder invoke = Invoke.newBuilder().setService("doors").setHandler(handler);
    boolean input = handler.equals("greet") || handler.equals("fail");
    return input ? invoke.setContentType("application/json") : invoke;
  }

  private static ByteString json(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private IngressGrpc.IngressBlockingStub stub() {
    return IngressGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static StatusRuntimeException failure(ThrowingCallable work) {
    return Objects.requireNonNull(catchThrowableOfType(StatusRuntimeException.class, work));
  }
}
