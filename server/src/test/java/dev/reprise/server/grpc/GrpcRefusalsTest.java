package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import dev.reprise.api.ingress.v1.AttachRequest;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.Header;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.InvocationFailure;
import dev.reprise.api.ingress.v1.InvocationRef;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.api.ingress.v1.SendRequest;
import dev.reprise.cluster.partition.Ingress.Answer.AlreadyInvoked;
import dev.reprise.cluster.partition.Ingress.Answer.OutcomeUnknown;
import dev.reprise.cluster.partition.Ingress.Answer.Unavailable;
import dev.reprise.server.ingress.EchoRequests;
import dev.reprise.storage.model.InvocationId;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the gRPC ingress says of failures, and of what it does not take, over real sockets. */
@Timeout(60)
class GrpcRefusalsTest extends IngressDoorTest {
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
    refused(echoes.clone().setScope("s s"), Code.INVALID_ARGUMENT, "BAD_SCOPE");
    refused(echoes.clone().setLimitKey("a"), Code.INVALID_ARGUMENT, "BAD_LIMIT_KEY");
    refused(
        echoes.clone().setScope("s").setLimitKey("a/b/c"), Code.INVALID_ARGUMENT, "BAD_LIMIT_KEY");
    refused(
        invoke("Obj", "key").setKey("k").setScope("s"), Code.UNIMPLEMENTED, "SCOPE_NOT_SUPPORTED");
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

  private void refused(Invoke.Builder invoke, Code status, String reason)
      throws InvalidProtocolBufferException {
    StatusRuntimeException failure = failure(() -> call(invoke));
    assertThat(failure.getStatus().getCode()).as(reason).isEqualTo(status);
    assertThat(reason(failure)).isEqualTo(reason);
  }
}
