package dev.reprise.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.reprise.api.ingress.v1.AttachRequest;
import dev.reprise.api.ingress.v1.AttachResponse;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.CallResponse;
import dev.reprise.api.ingress.v1.GetOutputRequest;
import dev.reprise.api.ingress.v1.GetOutputResponse;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.api.ingress.v1.Output;
import dev.reprise.api.ingress.v1.SendRequest;
import dev.reprise.api.ingress.v1.SendResponse;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Ingress.Answer.Accepted;
import dev.reprise.cluster.partition.Ingress.Answer.Ended;
import dev.reprise.cluster.partition.Ingress.Answer.NotReady;
import dev.reprise.server.ingress.Answers;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.ingress.Requests;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome.Failure;
import dev.reprise.storage.model.Outcome.Success;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.stub.StreamObserver;

/** The gRPC ingress. Never blocks. */
public final class GrpcIngress extends IngressGrpc.IngressImplBase {
  private final Requests requests;
  private final InvokeReader reader;

  /** An ingress beside the other doors of its node. */
  public GrpcIngress(Requests requests) {
    this.requests = requests;
    this.reader = new InvokeReader(requests);
  }

  @Override
  public void call(CallRequest request, StreamObserver<CallResponse> call) {
    serve(
        call,
        () -> {
          Registry registry = requests.registry();
          NewInvocation invocation =
              read(
                  request.hasInvoke(),
                  request.getInvoke(),
                  registry,
                  IngressGrpc.getCallMethod(),
                  0);
          Reply<CallResponse> reply =
              new Reply<>(
                  call,
                  requests.waiting(),
                  answer ->
                      CallResponse.newBuilder()
                          .setInvocationId(invocation.id().toString())
                          .setOutput(output(answer, registry))
                          .build());
          reply.waits(requests.ingress().call(invocation, reply));
        });
  }

  @Override
  public void send(SendRequest request, StreamObserver<SendResponse> call) {
    serve(
        call,
        () -> {
          long startAt = request.hasDelayMillis() ? startAt(request.getDelayMillis()) : 0;
          NewInvocation invocation =
              read(
                  request.hasInvoke(),
                  request.getInvoke(),
                  requests.registry(),
                  IngressGrpc.getSendMethod(),
                  startAt);
          requests
              .ingress()
              .submit(
                  invocation,
                  new Reply<>(call, requests.waiting(), answer -> sent(answer, startAt)));
        });
  }

  @Override
  public void attach(AttachRequest request, StreamObserver<AttachResponse> call) {
    serve(
        call,
        () -> {
          InvocationId id = InvocationRefs.id(request.getInvocation());
          Registry registry = requests.registry();
          Reply<AttachResponse> reply =
              new Reply<>(
                  call,
                  requests.waiting(),
                  answer ->
                      AttachResponse.newBuilder()
                          .setInvocationId(id.toString())
                          .setOutput(output(answer, registry))
                          .build());
          reply.waits(requests.ingress().attach(id, reply));
        });
  }

  @Override
  public void getOutput(GetOutputRequest request, StreamObserver<GetOutputResponse> call) {
    serve(
        call,
        () -> {
          InvocationId id = InvocationRefs.id(request.getInvocation());
          Registry registry = requests.registry();
          requests
              .ingress()
              .output(
                  id,
                  new Reply<>(
                      call,
                      requests.waiting(),
                      answer -> {
                        GetOutputResponse.Builder response =
                            GetOutputResponse.newBuilder().setInvocationId(id.toString());
                        return answer instanceof NotReady
                            ? response.build()
                            : response.setOutput(output(answer, registry)).build();
                      }));
        });
  }

  private NewInvocation read(
      boolean there,
      Invoke invoke,
      Registry registry,
      MethodDescriptor<?, ?> method,
      long startAt) {
    if (!there) {
      throw new Refused(Reason.MALFORMED_REQUEST, "Expected the field 'invoke'");
    }
    return reader.read(invoke, registry, "/" + method.getFullMethodName(), startAt);
  }

  private long startAt(long delayMillis) {
    if (delayMillis < 0) {
      throw new Refused(Reason.BAD_DELAY, "bad delay: Expected a start before the year 10000");
    }
    return requests.startAt(delayMillis);
  }

  /** Refuses what is refused, and begins nothing for a client that has left. */
  private void serve(StreamObserver<?> call, Runnable work) {
    if (Context.current().isCancelled()) {
      return;
    }
    try {
      requests.waiting().expectRoom();
      work.run();
    } catch (Refused e) {
      call.onError(GrpcErrors.refused(e));
    }
  }

  private static SendResponse sent(Answer answer, long startAt) {
    if (answer instanceof Accepted it) {
      return SendResponse.newBuilder()
          .setInvocationId(it.id().toString())
          .setCreated(it.created())
          .setStartsAtMillis(Answers.startsAt(it, startAt))
          .build();
    }
    throw Answers.refusal(answer);
  }

  private static Output output(Answer answer, Registry registry) {
    if (!(answer instanceof Ended ended)) {
      throw Answers.refusal(answer);
    }
    return switch (ended.completed().outcome()) {
      case Success success -> output(ended, success.value(), registry);
      case Failure failure -> throw GrpcErrors.failed(ended.completed().id(), failure);
    };
  }

  private static Output output(Ended ended, Bytes value, Registry registry) {
    HandlerRevision handler = Answers.handlerOf(ended.completed(), registry);
    Output.Builder output =
        Output.newBuilder().setBody(bytes(value)).setExpiresAtMillis(Answers.expiresAt(ended));
    String contentType = handler.outputContentType();
    if (contentType != null && (!value.isEmpty() || handler.setContentTypeIfEmpty())) {
      output.setContentType(contentType);
    }
    return output.build();
  }

  private static ByteString bytes(Bytes value) {
    // Nobody changes it any more.
    return UnsafeByteOperations.unsafeWrap(value.array(), value.offset(), value.length());
  }
}
