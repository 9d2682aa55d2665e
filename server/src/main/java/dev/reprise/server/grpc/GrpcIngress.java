package dev.reprise.server.grpc;

import dev.reprise.api.ingress.v1.AttachRequest;
import dev.reprise.api.ingress.v1.AttachResponse;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.CallResponse;
import dev.reprise.api.ingress.v1.CancelInvocationRequest;
import dev.reprise.api.ingress.v1.CancelInvocationResponse;
import dev.reprise.api.ingress.v1.GetOutputRequest;
import dev.reprise.api.ingress.v1.GetOutputResponse;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.api.ingress.v1.PeekPromiseRequest;
import dev.reprise.api.ingress.v1.PeekPromiseResponse;
import dev.reprise.api.ingress.v1.PromiseRef;
import dev.reprise.api.ingress.v1.RejectAwakeableRequest;
import dev.reprise.api.ingress.v1.RejectAwakeableResponse;
import dev.reprise.api.ingress.v1.RejectPromiseRequest;
import dev.reprise.api.ingress.v1.RejectPromiseResponse;
import dev.reprise.api.ingress.v1.ResolveAwakeableRequest;
import dev.reprise.api.ingress.v1.ResolveAwakeableResponse;
import dev.reprise.api.ingress.v1.ResolvePromiseRequest;
import dev.reprise.api.ingress.v1.ResolvePromiseResponse;
import dev.reprise.api.ingress.v1.SendRequest;
import dev.reprise.api.ingress.v1.SendResponse;
import dev.reprise.api.ingress.v1.SendSignalRequest;
import dev.reprise.api.ingress.v1.SendSignalResponse;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.partition.Ingress.Answer;
import dev.reprise.cluster.partition.Ingress.Answer.Done;
import dev.reprise.cluster.partition.Ingress.Answer.NotReady;
import dev.reprise.cluster.partition.Ingress.Answer.Requested;
import dev.reprise.server.ingress.Answers;
import dev.reprise.server.ingress.Names;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.ingress.Requests;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.ObjectId;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.stub.StreamObserver;
import java.util.function.Function;

/** The gRPC ingress. Its calls run on threads that may block: for a name that is not known. */
public final class GrpcIngress extends IngressGrpc.IngressImplBase {
  private static final int NAME_CHARS = 16 << 10;

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
                  requests,
                  registry,
                  (answer, known) ->
                      CallResponse.newBuilder()
                          .setInvocationId(invocation.id().toString())
                          .setOutput(Outcomes.awaited(answer, known))
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
              .submit(invocation, reply(call, answer -> Outcomes.sent(answer, startAt)));
        });
  }

  @Override
  public void attach(AttachRequest request, StreamObserver<AttachResponse> call) {
    serve(
        call,
        () -> {
          InvocationId id = InvocationRefs.id(request.getInvocation());
          Reply<AttachResponse> reply =
              new Reply<>(
                  call,
                  requests,
                  requests.registry(),
                  (answer, known) ->
                      AttachResponse.newBuilder()
                          .setInvocationId(id.toString())
                          .setOutput(Outcomes.awaited(answer, known))
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
          requests
              .ingress()
              .output(
                  id,
                  new Reply<>(
                      call,
                      requests,
                      requests.registry(),
                      (answer, known) -> {
                        GetOutputResponse.Builder response =
                            GetOutputResponse.newBuilder().setInvocationId(id.toString());
                        return answer instanceof NotReady
                            ? response.build()
                            : response.setOutput(Outcomes.output(answer, known)).build();
                      }));
        });
  }

  @Override
  public void resolveAwakeable(
      ResolveAwakeableRequest request, StreamObserver<ResolveAwakeableResponse> call) {
    serve(
        call,
        () ->
            requests.complete(
                Names.awakeable(request.getAwakeableId()),
                Outcomes.success(request.getValue()),
                done(call, ResolveAwakeableResponse.getDefaultInstance())));
  }

  @Override
  public void rejectAwakeable(
      RejectAwakeableRequest request, StreamObserver<RejectAwakeableResponse> call) {
    serve(
        call,
        () ->
            requests.complete(
                Names.awakeable(request.getAwakeableId()),
                Outcomes.failure(request.getCode(), request.getReason()),
                done(call, RejectAwakeableResponse.getDefaultInstance())));
  }

  @Override
  public void resolvePromise(
      ResolvePromiseRequest request, StreamObserver<ResolvePromiseResponse> call) {
    serve(
        call,
        () ->
            requests.decide(
                workflow(request.getPromise()),
                name(request.getPromise().getName()),
                Outcomes.success(request.getValue()),
                done(call, ResolvePromiseResponse.getDefaultInstance())));
  }

  @Override
  public void rejectPromise(
      RejectPromiseRequest request, StreamObserver<RejectPromiseResponse> call) {
    serve(
        call,
        () ->
            requests.decide(
                workflow(request.getPromise()),
                name(request.getPromise().getName()),
                Outcomes.failure(request.getCode(), request.getReason()),
                done(call, RejectPromiseResponse.getDefaultInstance())));
  }

  @Override
  public void peekPromise(PeekPromiseRequest request, StreamObserver<PeekPromiseResponse> call) {
    serve(
        call,
        () ->
            requests
                .ingress()
                .peekPromise(
                    workflow(request.getPromise()),
                    name(request.getPromise().getName()),
                    reply(call, Outcomes::peeked)));
  }

  @Override
  public void sendSignal(SendSignalRequest request, StreamObserver<SendSignalResponse> call) {
    serve(
        call,
        () ->
            requests.signal(
                Names.id(request.getInvocationId()),
                name(request.getName()),
                Outcomes.signalled(request),
                done(call, SendSignalResponse.getDefaultInstance())));
  }

  @Override
  public void cancelInvocation(
      CancelInvocationRequest request, StreamObserver<CancelInvocationResponse> call) {
    serve(
        call,
        () ->
            requests.cancel(Names.id(request.getInvocationId()), reply(call, Outcomes::cancelled)));
  }

  /** What says the same, whatever is registered. */
  private <T> Reply<T> reply(StreamObserver<T> call, Function<Answer, T> said) {
    return new Reply<>(call, requests, requests.registry(), (answer, known) -> said.apply(answer));
  }

  private <T> Reply<T> done(StreamObserver<T> call, T response) {
    return reply(
        call,
        answer -> {
          if (answer instanceof Done || answer instanceof Requested) {
            return response;
          }
          throw Answers.refusal(answer);
        });
  }

  private ObjectId workflow(PromiseRef promise) {
    return requests.workflow(promise.getWorkflow().getName(), promise.getWorkflow().getKey());
  }

  private static String name(String name) {
    if (name.isEmpty() || name.length() > NAME_CHARS) {
      throw new Refused(
          Reason.MALFORMED_REQUEST,
          "Expected a name of 1 to " + NAME_CHARS + " characters, but got " + name.length());
    }
    return name;
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
      requests
          .afresh()
          .attempt(
              () -> {
                work.run();
                return true;
              });
    } catch (Refused e) {
      call.onError(GrpcErrors.refused(e));
    }
  }
}
