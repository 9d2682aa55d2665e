package dev.reprise.sdk.client;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageFraming;
import dev.reprise.api.ingress.v1.AttachRequest;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.CancelInvocationRequest;
import dev.reprise.api.ingress.v1.GetOutputRequest;
import dev.reprise.api.ingress.v1.Header;
import dev.reprise.api.ingress.v1.IdempotentRef;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.IngressGrpc.IngressStub;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.api.ingress.v1.PeekPromiseRequest;
import dev.reprise.api.ingress.v1.PeekPromiseResponse;
import dev.reprise.api.ingress.v1.PromiseRef;
import dev.reprise.api.ingress.v1.RejectAwakeableRequest;
import dev.reprise.api.ingress.v1.RejectPromiseRequest;
import dev.reprise.api.ingress.v1.ResolveAwakeableRequest;
import dev.reprise.api.ingress.v1.ResolvePromiseRequest;
import dev.reprise.api.ingress.v1.SendRequest;
import dev.reprise.api.ingress.v1.SendResponse;
import dev.reprise.api.ingress.v1.SendSignalRequest;
import dev.reprise.api.ingress.v1.WorkflowRef;
import dev.reprise.sdk.InvocationRef;
import dev.reprise.sdk.Target;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelProvider.ProviderNotFoundException;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Over gRPC, to a server of ours.
 *
 * @param headers of every request; handlers see them too
 */
record GrpcConnection(ManagedChannel channel, IngressStub stub, Map<String, String> headers)
    implements Connection {
  /** A value, and what stands beside it. */
  private static final int MAX_ANSWER = MessageFraming.FRAME_LIMIT + (1 << 20);

  static GrpcConnection to(String address) {
    try {
      ManagedChannel channel =
          Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
              .maxInboundMessageSize(MAX_ANSWER)
              .build();
      return new GrpcConnection(channel, IngressGrpc.newStub(channel), Map.of());
    } catch (ProviderNotFoundException e) {
      throw new IllegalStateException(
          "Expected a transport of gRPC in the class path, such as io.grpc:grpc-netty-shaded, but found none",
          e);
    }
  }

  @Override
  public Connection headers(Map<String, String> changed) {
    var metadata = new Metadata();
    changed.forEach(
        (name, value) ->
            metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    return new GrpcConnection(
        channel,
        IngressGrpc.newStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata)),
        changed);
  }

  // ---- invocations ----

  @Override
  public CompletableFuture<ByteString> call(Target target, @Nullable Body input) {
    var request = CallRequest.newBuilder().setInvoke(invoke(target, input)).build();
    return ask(stub::call, request, answer -> answer.getOutput().getBody());
  }

  @Override
  public CompletableFuture<Submission> send(Target target, @Nullable Body input, Duration delay) {
    var request = SendRequest.newBuilder().setInvoke(invoke(target, input));
    if (delay.isPositive()) {
      request.setDelayMillis(delay.toMillis());
    }
    return ask(stub::send, request.build(), GrpcConnection::submission);
  }

  private static Submission submission(SendResponse answer) {
    long startsAt = answer.getStartsAtMillis();
    return new Submission(
        answer.getInvocationId(),
        answer.getCreated(),
        startsAt == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(startsAt)));
  }

  private Invoke invoke(Target target, @Nullable Body input) {
    var invoke =
        Invoke.newBuilder()
            .setService(target.service())
            .setKey(target.key())
            .setHandler(target.handler());
    var all = new LinkedHashMap<>(headers);
    all.putAll(target.headers());
    all.forEach(
        (name, value) -> invoke.addHeaders(Header.newBuilder().setName(name).setValue(value)));
    if (input != null) {
      invoke.setBody(input.bytes()).setContentType(input.contentType());
    }
    if (target.idempotencyKey() != null) {
      invoke.setIdempotencyKey(target.idempotencyKey());
    }
    if (target.scope() != null) {
      invoke.setScope(target.scope());
    }
    if (target.limitKey() != null) {
      invoke.setLimitKey(target.limitKey());
    }
    return invoke.build();
  }

  // ---- outcomes ----

  @Override
  public CompletableFuture<ByteString> attach(InvocationRef invocation) {
    var request = AttachRequest.newBuilder().setInvocation(ref(invocation)).build();
    return ask(stub::attach, request, answer -> answer.getOutput().getBody());
  }

  @Override
  public CompletableFuture<Optional<ByteString>> output(InvocationRef invocation) {
    var request = GetOutputRequest.newBuilder().setInvocation(ref(invocation)).build();
    return ask(
        stub::getOutput,
        request,
        answer ->
            answer.hasOutput() ? Optional.of(answer.getOutput().getBody()) : Optional.empty());
  }

  @Override
  public CompletableFuture<String> lookup(InvocationRef invocation) {
    throw new UnsupportedOperationException(
        "Expected a client of HTTP for looking up ids, but this one speaks gRPC");
  }

  private static dev.reprise.api.ingress.v1.InvocationRef ref(InvocationRef invocation) {
    var ref = dev.reprise.api.ingress.v1.InvocationRef.newBuilder();
    switch (invocation) {
      case InvocationRef.Id it -> ref.setInvocationId(it.invocationId());
      case InvocationRef.OfWorkflow it -> {
        requireNoScope(it.scope());
        ref.setWorkflow(workflow(it.workflow(), it.key()));
      }
      case InvocationRef.Called it -> {
        Target called = it.target();
        requireNoScope(called.scope());
        var idempotent =
            IdempotentRef.newBuilder()
                .setService(called.service())
                .setHandler(called.handler())
                .setIdempotencyKey(String.valueOf(called.idempotencyKey()));
        if (!called.key().isEmpty()) {
          idempotent.setKey(called.key());
        }
        ref.setIdempotent(idempotent);
      }
    }
    return ref.build();
  }

  private static void requireNoScope(@Nullable String scope) {
    if (scope != null) {
      throw new UnsupportedOperationException(
          "Expected an invocation outside of scopes over gRPC, but it is in " + scope);
    }
  }

  private static WorkflowRef workflow(String name, String key) {
    return WorkflowRef.newBuilder().setName(name).setKey(key).build();
  }

  // ---- awakeables, promises, signals ----

  @Override
  public CompletableFuture<?> resolveAwakeable(String id, @Nullable Body value) {
    var request = ResolveAwakeableRequest.newBuilder().setAwakeableId(id);
    if (value != null) {
      request.setValue(value.bytes());
    }
    return ask(stub::resolveAwakeable, request.build(), answer -> answer);
  }

  @Override
  public CompletableFuture<?> rejectAwakeable(String id, String reason) {
    var request = RejectAwakeableRequest.newBuilder().setAwakeableId(id).setReason(reason);
    return ask(stub::rejectAwakeable, request.build(), answer -> answer);
  }

  private static PromiseRef promise(PromiseName promise) {
    return PromiseRef.newBuilder()
        .setWorkflow(workflow(promise.workflow(), promise.key()))
        .setName(promise.name())
        .build();
  }

  @Override
  public CompletableFuture<?> resolvePromise(PromiseName promise, ByteString value) {
    var request = ResolvePromiseRequest.newBuilder().setPromise(promise(promise)).setValue(value);
    return ask(stub::resolvePromise, request.build(), answer -> answer);
  }

  @Override
  public CompletableFuture<?> rejectPromise(PromiseName promise, String reason) {
    var request = RejectPromiseRequest.newBuilder().setPromise(promise(promise)).setReason(reason);
    return ask(stub::rejectPromise, request.build(), answer -> answer);
  }

  @Override
  public CompletableFuture<Optional<ByteString>> peekPromise(PromiseName promise) {
    var request = PeekPromiseRequest.newBuilder().setPromise(promise(promise)).build();
    return ask(stub::peekPromise, request, GrpcConnection::peeked);
  }

  private static Optional<ByteString> peeked(PeekPromiseResponse answer) {
    return switch (answer.getStateCase()) {
      case VALUE -> Optional.of(answer.getValue());
      case FAILURE -> throw GrpcAnswers.failure(answer.getFailure());
      case PENDING, STATE_NOT_SET -> Optional.empty();
    };
  }

  @Override
  public CompletableFuture<?> signal(String invocationId, String name, ByteString value) {
    var request =
        SendSignalRequest.newBuilder().setInvocationId(invocationId).setName(name).setValue(value);
    return ask(stub::sendSignal, request.build(), answer -> answer);
  }

  @Override
  public CompletableFuture<?> cancel(String invocationId) {
    var request = CancelInvocationRequest.newBuilder().setInvocationId(invocationId).build();
    return ask(stub::cancelInvocation, request, answer -> answer);
  }

  // ---- one exchange ----

  private static <Q, A, T> CompletableFuture<T> ask(
      BiConsumer<Q, StreamObserver<A>> method, Q request, Function<A, T> meaning) {
    var reply = new GrpcReply<Q, A>();
    method.accept(request, reply);
    return reply.answer().thenApply(meaning);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
