package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.api.ingress.v1.AttachRequest;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.CallResponse;
import dev.reprise.api.ingress.v1.GetOutputResponse;
import dev.reprise.api.ingress.v1.Header;
import dev.reprise.api.ingress.v1.IdempotentRef;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.InvocationRef;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.api.ingress.v1.SendRequest;
import dev.reprise.api.ingress.v1.SendResponse;
import dev.reprise.api.ingress.v1.WorkflowRef;
import dev.reprise.server.ingress.EchoRequests;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.Outcome.Success;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gRPC ingress, over real sockets. */
@Timeout(60)
class GrpcIngressTest extends IngressDoorTest {
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
  void anInvocationInAScopeIsFoundByWhatItsIdIsMadeOf() throws Exception {
    CallResponse named =
        call(invoke("Probe", "echo").setIdempotencyKey("i").setScope("s").setLimitKey("a/b"));
    IdempotentRef ref =
        IdempotentRef.newBuilder()
            .setService("Probe")
            .setHandler("echo")
            .setIdempotencyKey("i")
            .setScope("s")
            .build();
    SendResponse run = send(invoke("Wf", "run").setKey("w").setScope("s"));
    WorkflowRef workflow = WorkflowRef.newBuilder().setName("Wf").setKey("w").setScope("s").build();

    assertThat(echo.ingress.limitsOf(InvocationId.parse(named.getInvocationId())))
        .isEqualTo("s a/b");
    assertThat(output(InvocationRef.newBuilder().setIdempotent(ref).build()).getInvocationId())
        .isEqualTo(named.getInvocationId());
    assertThat(output(InvocationRef.newBuilder().setWorkflow(workflow).build()).getInvocationId())
        .isEqualTo(run.getInvocationId());
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
}
