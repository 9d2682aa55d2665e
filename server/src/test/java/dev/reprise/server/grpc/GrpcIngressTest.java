package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.reprise.api.ingress.v1.AttachRequest;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.CallResponse;
import dev.reprise.api.ingress.v1.GetOutputRequest;
import dev.reprise.api.ingress.v1.GetOutputResponse;
import dev.reprise.api.ingress.v1.Header;
import dev.reprise.api.ingress.v1.IdempotentRef;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.InvocationFailure;
import dev.reprise.api.ingress.v1.InvocationRef;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.api.ingress.v1.SendRequest;
import dev.reprise.api.ingress.v1.SendResponse;
import dev.reprise.api.ingress.v1.WorkflowRef;
import dev.reprise.cluster.partition.Ingress.Answer.AlreadyInvoked;
import dev.reprise.cluster.partition.Ingress.Answer.OutcomeUnknown;
import dev.reprise.cluster.partition.Ingress.Answer.Unavailable;
import dev.reprise.server.ingress.EchoRequests;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Outcome.Success;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gRPC ingress, over real sockets. */
@Timeout(60)
class GrpcIngressTest {
  private final EchoRequests echo = new EchoRequests();
  private GrpcDoor door;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws IOException {
    door =
        GrpcDoor.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(new GrpcIngress(echo.requests)));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", door.port()).usePlaintext().build();
  }

  @AfterEach
  void close() throws InterruptedException {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    door.close();
    echo.close();
  }

  @Test
  void aCallAnswersWithTheOutputOfItsHandler() {
    CallResponse answer = call(invoke("Probe", "echo").setBody(utf8("{\"a\":1}")));

    assertThat(answer.getOutput().getBody().toStringUtf8()).isEqualTo("{\"a\":1}");
    assertThat(answer.getOutput().getContentType()).isEqualTo("application/json");
    assertThat(answer.getOutput().getExpiresAtMillis()).isZero();
    assertThat(answer.getInvocationId()).matches("inv_1[0-9a-zA-Z]{33}");
  }

  @Test
  void anObjectIsCalledByItsKey() {
    assertThat(
            call(invoke("Obj", "key")
                    .setKey("a/b ü")
                    .setContentType("text/plain")
                    .setBody(utf8("x")))
                .getOutput()
                .getBody()
                .toStringUtf8())
        .isEqualTo("a/b ü");
  }

  @Test
  void aHandlerSeesThePathFirstAndThenTheHeadersInOrder() {
    Invoke.Builder invoke =
        invoke("Probe", "headers")
            .setContentType("text/plain")
            .setBody(utf8("x"))
            .addHeaders(Header.newBuilder().setName("X-Foo").setValue("Bar"))
            .addHeaders(Header.newBuilder().setName("x-foo").setValue("second"))
            .addHeaders(Header.newBuilder().setName("host").setValue("hidden"));

    assertThat(call(invoke).getOutput().getBody().toStringUtf8())
        .isEqualTo(
            """
            x-restate-ingress-path=/dev.reprise.ingress.v1.Ingress/Call
            x-foo=Bar
            content-type=text/plain
            """);
  }

  @Test
  void aHandlerSeesTheTraceContextOfTheCall() {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), "00-1-2-01");
    CallRequest request =
        CallRequest.newBuilder().setInvoke(invoke("Probe", "headers").setBody(utf8("x"))).build();

    CallResponse answer =
        stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata)).call(request);

    assertThat(answer.getOutput().getBody().toStringUtf8()).contains("\ntraceparent=00-1-2-01\n");
  }

  @Test
  void theSameIdempotencyKeyIsTheSameInvocation() {
    CallResponse first = call(invoke("Probe", "echo").setBody(utf8("1")).setIdempotencyKey("k"));
    CallResponse second = call(invoke("Probe", "echo").setBody(utf8("2")).setIdempotencyKey("k"));
    SendResponse sent = send(invoke("Probe", "echo").setBody(utf8("3")).setIdempotencyKey("k"));

    assertThat(second.getInvocationId()).isEqualTo(first.getInvocationId());
    assertThat(second.getOutput().getBody().toStringUtf8()).isEqualTo("1");
    assertThat(first.getOutput().getExpiresAtMillis()).isZero();
    assertThat(second.getOutput().getExpiresAtMillis()).isPositive();
    assertThat(sent.getInvocationId()).isEqualTo(first.getInvocationId());
    assertThat(sent.getCreated()).isFalse();
  }

  @Test
  void aSendIsAnsweredWhenItIsTaken() {
    SendResponse now = send(invoke("Probe", "wait"));
    SendResponse later =
        stub()
            .send(
                SendRequest.newBuilder()
                    .setInvoke(invoke("Probe", "wait"))
                    .setDelayMillis(10_000)
                    .build());

    assertThat(now.getCreated()).isTrue();
    assertThat(now.getStartsAtMillis()).isZero();
    assertThat(later.getStartsAtMillis())
        .isEqualTo(EchoRequests.NOW.plusSeconds(10).toEpochMilli());
  }

  @Test
  void anOutcomeCanBeAskedForAndWaitedFor() {
    InvocationRef byId = byId(send(invoke("Probe", "wait")).getInvocationId());
    GetOutputResponse early = output(byId);

    echo.ingress.complete(
        InvocationId.parse(byId.getInvocationId()), new Success(Bytes.utf8("done")));

    assertThat(early.hasOutput()).isFalse();
    assertThat(
            stub()
                .attach(AttachRequest.newBuilder().setInvocation(byId).build())
                .getOutput()
                .getBody()
                .toStringUtf8())
        .isEqualTo("done");
    assertThat(output(byId).getOutput().getBody().toStringUtf8()).isEqualTo("done");
    assertThat(output(byId).getOutput().getExpiresAtMillis()).isPositive();
  }

  @Test
  void anInvocationIsFoundByWhatItsIdIsMadeOf() {
    CallResponse named = call(invoke("Obj", "key").setKey("k").setIdempotencyKey("i"));
    IdempotentRef ref =
        IdempotentRef.newBuilder()
            .setService("Obj")
            .setKey("k")
            .setHandler("key")
            .setIdempotencyKey("i")
            .build();
    SendResponse run = send(invoke("Wf", "run").setKey("w"));
    WorkflowRef workflow = WorkflowRef.newBuilder().setName("Wf").setKey("w").build();

    assertThat(output(InvocationRef.newBuilder().setIdempotent(ref).build()).getInvocationId())
        .isEqualTo(named.getInvocationId());
    assertThat(output(InvocationRef.newBuilder().setWorkflow(workflow).build()).getInvocationId())
        .isEqualTo(run.getInvocationId());
  }

  @ParameterizedTest
  @CsvSource({
    "400, INVALID_ARGUMENT",
    "404, NOT_FOUND",
    "409, ABORTED",
    "500, UNKNOWN",
    "503, UNKNOWN",
    "418, UNKNOWN"
  })
  void aTerminalErrorIsAStatusThatNobodyRepeats(int code, Code status)
      throws InvalidProtocolBufferException {
    StatusRuntimeException failure =
        failure(() -> call(invoke("Probe", "fail").setBody(utf8(Integer.toString(code)))));

    assertThat(failure.getStatus().getCode()).isEqualTo(status);
    assertThat(failure.getStatus().getDescription()).isEqualTo("boom \"meta\"");
    assertThat(reason(failure)).isEqualTo("INVOCATION_FAILED");
    InvocationFailure detail = detail(failure, InvocationFailure.class);
    assertThat(detail.getCode()).isEqualTo(code);
    assertThat(detail.getMetadataMap()).containsEntry("k1", "v1");
    assertThat(detail.getInvocationId()).startsWith("inv_1");
  }

  @ParameterizedTest
  @CsvSource({
    "Nope, '', echo, NOT_FOUND, SERVICE_NOT_FOUND",
    "Probe, '', nope, NOT_FOUND, HANDLER_NOT_FOUND",
    "Probe, '', priv, PERMISSION_DENIED, HANDLER_NOT_PUBLIC",
    "Probe, k, echo, INVALID_ARGUMENT, MALFORMED_REQUEST"
  })
  void whatCannotBeInvokedIsSaidWithItsReason(
      String service, String key, String handler, Code status, String reason)
      throws InvalidProtocolBufferException {
    refused(invoke(service, handler).setKey(key), status, reason);
  }

  @Test
  void whatIsWrongIsSaidWithItsReason() throws Exception {
    Invoke.Builder echoes = invoke("Probe", "echo").setBody(utf8("1"));
    refused(echoes.clone().setContentType("text/plain"), Code.INVALID_ARGUMENT, "BAD_INPUT");
    refused(echoes.clone().setIdempotencyKey(""), Code.INVALID_ARGUMENT, "BAD_IDEMPOTENCY_KEY");
    refused(echoes.clone().setIdempotencyKey("ü"), Code.INVALID_ARGUMENT, "BAD_HEADER");
    refused(echoes.clone().setScope("s"), Code.UNIMPLEMENTED, "SCOPE_NOT_SUPPORTED");
    refused(
        echoes.clone().addHeaders(Header.newBuilder().setName("a b")),
        Code.INVALID_ARGUMENT,
        "BAD_HEADER");
    refused(
        echoes.clone().addHeaders(Header.newBuilder().setName("a").setValue("x".repeat(70_000))),
        Code.INVALID_ARGUMENT,
        "BAD_HEADER");
    refused(
        invoke("Wf", "run").setKey("k").setIdempotencyKey("i"),
        Code.INVALID_ARGUMENT,
        "BAD_IDEMPOTENCY_KEY");
    assertThat(reason(failure(() -> stub().call(CallRequest.getDefaultInstance()))))
        .isEqualTo("MALFORMED_REQUEST");
    assertThat(reason(failure(() -> output(InvocationRef.getDefaultInstance()))))
        .isEqualTo("MALFORMED_REQUEST");
    assertThat(reason(failure(() -> output(byId("inv_1"))))).isEqualTo("BAD_ID");
    assertThat(
            reason(
                failure(
                    () ->
                        stub()
                            .send(
                                SendRequest.newBuilder()
                                    .setInvoke(echoes)
                                    .setDelayMillis(-1)
                                    .build()))))
        .isEqualTo("BAD_DELAY");
    assertThat(echo.ingress.created()).isZero();
  }

  @Test
  void nobodyHasThatId() throws InvalidProtocolBufferException {
    InvocationRef nobody = byId(new InvocationId(1, 2, 3).toString());

    StatusRuntimeException failure = failure(() -> output(nobody));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(reason(failure)).isEqualTo("INVOCATION_NOT_FOUND");
  }

  @Test
  void onlyWhatWasNotDoneIsUnavailable() throws InvalidProtocolBufferException {
    echo.ingress.answerNext(new Unavailable("no leader"));
    StatusRuntimeException unavailable = failure(() -> call(invoke("Probe", "echo")));
    echo.ingress.answerNext(new OutcomeUnknown("the leader changed"));
    StatusRuntimeException unknown = failure(() -> call(invoke("Probe", "echo")));
    echo.ingress.answerNext(new AlreadyInvoked(new InvocationId(1, 2, 3)));
    StatusRuntimeException again = failure(() -> call(invoke("Wf", "run").setKey("k")));

    assertThat(unavailable.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(detail(unavailable, RetryInfo.class).getRetryDelay().getSeconds()).isEqualTo(1);
    assertThat(unknown.getStatus().getCode()).isEqualTo(Code.UNKNOWN);
    assertThat(reason(unknown)).isEqualTo("OUTCOME_UNKNOWN");
    assertThat(again.getStatus().getCode()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(reason(again)).isEqualTo("ALREADY_INVOKED");
  }

  /** Over HTTP these errors are the invocation's, too: a client of either door throws the same. */
  @Test
  void whatAnInvocationItselfSaysIsItsFailure() throws InvalidProtocolBufferException {
    InvocationId id = new InvocationId(1, 2, 3);
    echo.ingress.answerNext(new AlreadyInvoked(id));
    InvocationFailure again =
        detail(failure(() -> call(invoke("Wf", "run").setKey("k"))), InvocationFailure.class);
    StatusRuntimeException nobody =
        failure(
            () ->
                stub()
                    .attach(AttachRequest.newBuilder().setInvocation(byId(id.toString())).build()));
    InvocationFailure unknown = detail(nobody, InvocationFailure.class);

    assertThat(again.getCode()).isEqualTo(409);
    assertThat(again.getMessage()).isEqualTo("the workflow was already invoked");
    assertThat(again.getInvocationId()).isEqualTo(id.toString());
    assertThat(nobody.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(reason(nobody)).isEqualTo("INVOCATION_NOT_FOUND");
    assertThat(unknown.getCode()).isEqualTo(404);
    assertThat(unknown.getInvocationId()).isEqualTo(id.toString());
  }

  @Test
  void aDeadlineEndsTheWaitingAndNotTheInvocation() throws Exception {
    CallRequest request =
        CallRequest.newBuilder().setInvoke(invoke("Probe", "wait").setIdempotencyKey("k")).build();

    StatusRuntimeException failure =
        failure(
            () ->
                IngressGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                    .call(request));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    until(() -> echo.ingress.cancelled() == 1);
    until(() -> echo.requests.waiting().count() == 0);
    assertThat(echo.ingress.created()).isEqualTo(1);
  }

  @Test
  void aClientThatCancelsWaitsNoLonger() throws Exception {
    CallRequest request = CallRequest.newBuilder().setInvoke(invoke("Probe", "wait")).build();
    var call = IngressGrpc.newFutureStub(channel).call(request);
    until(() -> echo.requests.waiting().count() == 1);

    call.cancel(true);

    until(() -> echo.ingress.cancelled() == 1);
    until(() -> echo.requests.waiting().count() == 0);
  }

  @Test
  void moreThanMayWaitAreRefused() throws Exception {
    CallRequest request = CallRequest.newBuilder().setInvoke(invoke("Probe", "wait")).build();
    List<java.util.concurrent.Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < EchoRequests.MAX_WAITING; i++) {
      calls.add(IngressGrpc.newFutureStub(channel).call(request));
    }
    until(() -> echo.requests.waiting().count() == EchoRequests.MAX_WAITING);

    StatusRuntimeException failure = failure(() -> call(invoke("Probe", "echo")));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(reason(failure)).isEqualTo("TOO_MANY_REQUESTS");
    calls.forEach(it -> it.cancel(true));
    until(() -> echo.requests.waiting().count() == 0);
  }

  @Test
  void aMessageHasALimit() {
    ByteString large = ByteString.copyFrom(new byte[(33 << 20) + 1]);

    StatusRuntimeException failure =
        failure(
            () ->
                call(
                    invoke("Probe", "any")
                        .setContentType("application/octet-stream")
                        .setBody(large)));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
  }

  private IngressGrpc.IngressBlockingStub stub() {
    return IngressGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private CallResponse call(Invoke.Builder invoke) {
    return stub().call(CallRequest.newBuilder().setInvoke(invoke).build());
  }

  private SendResponse send(Invoke.Builder invoke) {
    return stub().send(SendRequest.newBuilder().setInvoke(invoke).build());
  }

  private GetOutputResponse output(InvocationRef ref) {
    return stub().getOutput(GetOutputRequest.newBuilder().setInvocation(ref).build());
  }

  private void refused(Invoke.Builder invoke, Code status, String reason)
      throws InvalidProtocolBufferException {
    StatusRuntimeException failure = failure(() -> call(invoke));
    assertThat(failure.getStatus().getCode()).as(reason).isEqualTo(status);
    assertThat(reason(failure)).isEqualTo(reason);
  }

  private static InvocationRef byId(String id) {
    return InvocationRef.newBuilder().setInvocationId(id).build();
  }

  private static Invoke.Builder invoke(String service, String handler) {
    return Invoke.newBuilder()
        .setService(service)
        .setHandler(handler)
        .setContentType("application/json");
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }

  static StatusRuntimeException failure(ThrowingCallable work) {
    return Objects.requireNonNull(catchThrowableOfType(StatusRuntimeException.class, work));
  }

  static String reason(StatusRuntimeException failure) throws InvalidProtocolBufferException {
    ErrorInfo info = detail(failure, ErrorInfo.class);
    assertThat(info.getDomain()).isEqualTo("reprise.dev");
    return info.getReason();
  }

  private static <T extends com.google.protobuf.Message> T detail(
      StatusRuntimeException failure, Class<T> type) throws InvalidProtocolBufferException {
    for (Any any : Objects.requireNonNull(StatusProto.fromThrowable(failure)).getDetailsList()) {
      if (any.is(type)) {
        return any.unpack(type);
      }
    }
    throw new AssertionError("Expected a " + type.getSimpleName() + " in " + failure, failure);
  }

  private static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.call()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("Expected the condition to hold within 20 s");
      }
      Thread.onSpinWait();
    }
  }
}
