package dev.reprise.sdk.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.reprise.api.ingress.v1.AttachResponse;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.CallResponse;
import dev.reprise.api.ingress.v1.CancelInvocationResponse;
import dev.reprise.api.ingress.v1.GetOutputResponse;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.InvocationFailure;
import dev.reprise.api.ingress.v1.PeekPromiseResponse;
import dev.reprise.api.ingress.v1.RejectAwakeableResponse;
import dev.reprise.api.ingress.v1.RejectPromiseResponse;
import dev.reprise.api.ingress.v1.ResolveAwakeableResponse;
import dev.reprise.api.ingress.v1.ResolvePromiseResponse;
import dev.reprise.api.ingress.v1.SendRequest;
import dev.reprise.api.ingress.v1.SendResponse;
import dev.reprise.api.ingress.v1.SendSignalResponse;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.InvocationRef;
import dev.reprise.sdk.Output;
import dev.reprise.sdk.PromiseKey;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.TerminalException;
import dev.reprise.sdk.TypeRef;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client asks over gRPC, against answers as the contract has them. */
@Timeout(30)
class GrpcClientTest {
  private static final PromiseKey<String> LINK = PromiseKey.of("link", String.class);

  @Service("shop")
  interface Shop {
    @Handler
    String order(String item);
  }

  /** A message, or what is thrown. */
  private final LinkedBlockingQueue<Object> answers = new LinkedBlockingQueue<>();

  private final LinkedBlockingQueue<Message> requests = new LinkedBlockingQueue<>();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private Server server;
  private IngressClient client;

  @BeforeEach
  void start() throws IOException {
    var service = ServerServiceDefinition.builder(IngressGrpc.getServiceDescriptor());
    for (MethodDescriptor<?, ?> method : IngressGrpc.getServiceDescriptor().getMethods()) {
      add(service, method);
    }
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(service.build())
            .build()
            .start();
    client = IngressClient.connectGrpc("127.0.0.1:" + server.getPort());
  }

  private <Q, A> void add(ServerServiceDefinition.Builder service, MethodDescriptor<Q, A> method) {
    service.addMethod(method, ServerCalls.asyncUnaryCall(this::answer));
  }

  @SuppressWarnings("unchecked")
  private <Q, A> void answer(Q request, StreamObserver<A> observer) {
    ((ServerCallStreamObserver<A>) observer).setOnCancelHandler(cancelled::countDown);
    requests.add((Message) request);
    Object answer = answers.poll();
    if (answer instanceof RuntimeException failure) {
      observer.onError(failure);
    } else if (answer != null) {
      observer.onNext((A) answer);
      observer.onCompleted();
    }
  }

  @AfterEach
  void stop() {
    client.close();
    server.shutdownNow();
  }

  private String asked() {
    return requests.remove().toString().replaceAll("\\s+", " ").trim();
  }

  private static dev.reprise.api.ingress.v1.Output output(String json) {
    return dev.reprise.api.ingress.v1.Output.newBuilder()
        .setBody(ByteString.copyFromUtf8(json))
        .build();
  }

  private static RuntimeException refused(Code code, String message, Message... details) {
    var status = Status.newBuilder().setCode(code.getNumber()).setMessage(message);
    for (Message detail : details) {
      status.addDetails(Any.pack(detail));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  private static ErrorInfo reason(String reason) {
    return ErrorInfo.newBuilder().setReason(reason).setDomain("reprise.dev").build();
  }

  @Test
  void aCallWithAllThatCanBeSaid() {
    answers.add(CallResponse.newBuilder().setOutput(output("\"1 tea\"")).build());
    String answer =
        client
            .header("x-a", "of all")
            .remote(Shop.class)
            .idempotencyKey("k")
            .header("x-b", "of this")
            .scope("tenant")
            .limitKey("cpu")
            .call(it -> it.order("tea"));
    assertThat(answer).isEqualTo("1 tea");
    var invoke = ((CallRequest) requests.remove()).getInvoke();
    assertThat(invoke.getBody().toStringUtf8()).isEqualTo("\"tea\"");
    assertThat(invoke.getContentType()).isEqualTo("application/json");
    assertThat(invoke.getHeadersList().toString()).contains("x-a", "of all", "x-b", "of this");
    assertThat(invoke.getIdempotencyKey() + invoke.getScope() + invoke.getLimitKey())
        .isEqualTo("ktenantcpu");
  }

  @Test
  void aSendIsAcceptedAndMayBeDelayed() {
    answers.add(
        SendResponse.newBuilder()
            .setInvocationId("inv_1")
            .setCreated(true)
            .setStartsAtMillis(5)
            .build());
    assertThat(client.send(Target.object("o", "k", "h"), null, Duration.ofSeconds(1)))
        .isEqualTo(new Submission("inv_1", true, Optional.of(Instant.ofEpochMilli(5))));
    var request = (SendRequest) requests.remove();
    assertThat(request.getDelayMillis()).isEqualTo(1000);
    assertThat(request.getInvoke().getKey()).isEqualTo("k");
  }

  @Test
  void outcomesAreFoundByIdKeyOrWorkflow() {
    answers.add(AttachResponse.newBuilder().setOutput(output("1")).build());
    answers.add(GetOutputResponse.newBuilder().setOutput(output("2")).build());
    answers.add(GetOutputResponse.getDefaultInstance());
    InvocationRef called = InvocationRef.called(Target.object("o", "k", "h").idempotencyKey("i"));
    assertThat(client.attach(InvocationRef.workflow("w", "k"), Integer.class)).isEqualTo(1);
    assertThat(client.output(called, Integer.class)).isEqualTo(Output.of(2));
    assertThat(client.output(InvocationRef.id("inv_1"), Integer.class))
        .isEqualTo(Output.notReady());
    assertThat(asked()).isEqualTo("invocation { workflow { name: \"w\" key: \"k\" } }");
    assertThat(asked())
        .isEqualTo(
            "invocation { idempotent { service: \"o\" key: \"k\" handler: \"h\" idempotency_key: \"i\" } }");
    assertThat(asked()).isEqualTo("invocation { invocation_id: \"inv_1\" }");
  }

  @Test
  void promisesAreCompletedAndPeekedAt() {
    answers.add(ResolvePromiseResponse.getDefaultInstance());
    answers.add(RejectPromiseResponse.getDefaultInstance());
    answers.add(
        PeekPromiseResponse.newBuilder().setValue(ByteString.copyFromUtf8("\"v\"")).build());
    answers.add(
        PeekPromiseResponse.newBuilder()
            .setPending(PeekPromiseResponse.Pending.getDefaultInstance())
            .build());
    answers.add(
        PeekPromiseResponse.newBuilder()
            .setFailure(InvocationFailure.newBuilder().setCode(410).setMessage("late"))
            .build());
    client.resolvePromise("w", "k", LINK, "v");
    client.rejectPromise("w", "k", LINK, "no");
    assertThat(client.peekPromise("w", "k", LINK)).contains("v");
    assertThat(client.peekPromise("w", "k", LINK)).isEmpty();
    assertThatThrownBy(() -> client.peekPromise("w", "k", LINK))
        .isInstanceOf(TerminalException.class)
        .hasMessage("late");
    String promise = "promise { workflow { name: \"w\" key: \"k\" } name: \"link\" }";
    assertThat(asked()).isEqualTo(promise + " value: \"\\\"v\\\"\"");
    assertThat(asked()).isEqualTo(promise + " reason: \"no\"");
    assertThat(asked()).isEqualTo(promise);
  }

  @Test
  void awakeablesSignalsAndCancellation() {
    answers.add(ResolveAwakeableResponse.getDefaultInstance());
    answers.add(RejectAwakeableResponse.getDefaultInstance());
    answers.add(SendSignalResponse.getDefaultInstance());
    answers.add(CancelInvocationResponse.getDefaultInstance());
    client.resolveAwakeable("sign_1a", "v");
    client.rejectAwakeable("sign_1a", "no");
    client.signal("inv_1", "go", 1);
    client.cancel("inv_1");
    assertThat(asked()).isEqualTo("awakeable_id: \"sign_1a\" value: \"\\\"v\\\"\"");
    assertThat(asked()).isEqualTo("awakeable_id: \"sign_1a\" reason: \"no\"");
    assertThat(asked()).isEqualTo("invocation_id: \"inv_1\" name: \"go\" value: \"1\"");
    assertThat(asked()).isEqualTo("invocation_id: \"inv_1\"");
  }

  // ---- failures ----

  @Test
  void aFailureOfTheInvocationIsWhatAHandlerWouldSee() {
    var failure =
        InvocationFailure.newBuilder().setCode(418).setMessage("boom").putMetadata("k", "v");
    answers.add(refused(Code.UNKNOWN, "boom", reason("INVOCATION_FAILED"), failure.build()));
    assertThatThrownBy(() -> client.client(Shop.class).order("tea"))
        .isInstanceOfSatisfying(
            TerminalException.class,
            e -> {
              assertThat(e.code()).isEqualTo(418);
              assertThat(e.metadata()).isEqualTo(Map.of("k", "v"));
            })
        .hasMessage("boom");
  }

  @Test
  void aRequestThatTheServerDidNotTakeHasAStatus() {
    answers.add(refused(Code.NOT_FOUND, "no such service", reason("SERVICE_NOT_FOUND")));
    assertThatThrownBy(() -> client.client(Shop.class).order("tea"))
        .isInstanceOfSatisfying(IngressException.class, e -> assertThat(e.status()).isEqualTo(404))
        .hasMessage("no such service");
    answers.add(refused(Code.ALREADY_EXISTS, "decided", reason("ALREADY_DECIDED")));
    assertThatThrownBy(() -> client.resolvePromise("w", "k", LINK, "v"))
        .isInstanceOfSatisfying(IngressException.class, e -> assertThat(e.status()).isEqualTo(409));
  }

  @Test
  void aLostAnswerIsNoAnswer() {
    server.shutdownNow();
    assertThatThrownBy(() -> client.client(Shop.class).order("tea"))
        .isInstanceOfSatisfying(
            IngressException.class, e -> assertThat(e.status()).isEqualTo(IngressException.NONE))
        .hasMessageContaining("Expected an answer");
  }

  @Test
  void whoStopsWaitingTellsTheServer() throws Exception {
    var waiting = client.callAsync(Target.service("s", "h"), null, TypeRef.of(String.class));
    assertThat(requests.poll(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(waiting.cancel(true)).isTrue();
    assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatOnlyOneOfBothKnowsIsRefusedByTheOther() {
    assertThatThrownBy(() -> client.lookup(InvocationRef.id("inv_1")))
        .hasMessageContaining("Expected a client of HTTP");
    try (var http = IngressClient.connect(java.net.URI.create("http://127.0.0.1:1"))) {
      assertThatThrownBy(() -> http.resolvePromise("w", "k", LINK, "v"))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("Expected a client of connectGrpc for promises");
    }
  }
}
