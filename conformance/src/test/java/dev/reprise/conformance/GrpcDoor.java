package dev.reprise.conformance;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.reprise.api.ingress.v1.AttachRequest;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.GetOutputRequest;
import dev.reprise.api.ingress.v1.Header;
import dev.reprise.api.ingress.v1.IdempotentRef;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.IngressGrpc.IngressBlockingStub;
import dev.reprise.api.ingress.v1.InvocationFailure;
import dev.reprise.api.ingress.v1.InvocationRef;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.api.ingress.v1.RejectAwakeableRequest;
import dev.reprise.api.ingress.v1.ResolveAwakeableRequest;
import dev.reprise.api.ingress.v1.SendRequest;
import dev.reprise.api.ingress.v1.WorkflowRef;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.NullNode;

/** The gRPC ingress, told in the codes that HTTP has. Safe for use by many threads. */
final class GrpcDoor implements Door {
  private static final int DEADLINE_SECONDS = 20;
  private static final JsonMapper MAPPER = JsonMapper.shared();

  /** What completes an awakeable late is told so here; over HTTP it is accepted like any other. */
  private static final Set<Status.Code> LATE =
      Set.of(Status.Code.ALREADY_EXISTS, Status.Code.NOT_FOUND, Status.Code.FAILED_PRECONDITION);

  private final Channel channel;

  GrpcDoor(Channel channel) {
    this.channel = channel;
  }

  private IngressBlockingStub stub() {
    return IngressGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public Outcome call(Ask ask) throws IOException {
    try {
      var response = stub().call(CallRequest.newBuilder().setInvoke(invoke(ask)).build());
      return value(response.getOutput().getBody(), response.getInvocationId());
    } catch (StatusRuntimeException e) {
      return error(e);
    }
  }

  @Override
  public Accepted send(Ask ask) {
    SendRequest.Builder request = SendRequest.newBuilder().setInvoke(invoke(ask));
    if (ask.delay() != null) {
      request.setDelayMillis(ask.delay().toMillis());
    }
    var response = stub().send(request.build());
    return new Accepted(
        response.getInvocationId(), !response.getCreated(), response.getStartsAtMillis() != 0);
  }

  private static Invoke invoke(Ask ask) {
    List<String> path = List.of(ask.path().split("/", -1));
    Invoke.Builder invoke =
        Invoke.newBuilder()
            .setService(path.getFirst())
            .setHandler(path.getLast())
            .setBody(bytes(ask.body() == null ? NullNode.getInstance() : World.json(ask.body())))
            .setContentType("application/json");
    if (path.size() == 3) {
      invoke.setKey(path.get(1));
    }
    if (ask.scope() != null) {
      invoke.setScope(ask.scope());
    }
    if (ask.limitKey() != null) {
      invoke.setLimitKey(ask.limitKey());
    }
    if (ask.idempotencyKey() != null) {
      invoke.setIdempotencyKey(ask.idempotencyKey());
    }
    ask.headers()
        .forEach(
            (name, value) -> invoke.addHeaders(Header.newBuilder().setName(name).setValue(value)));
    return invoke.build();
  }

  private static ByteString bytes(JsonNode value) {
    return ByteString.copyFrom(MAPPER.writeValueAsBytes(value));
  }

  @Override
  public Outcome attach(Of of) throws IOException {
    try {
      var response = stub().attach(AttachRequest.newBuilder().setInvocation(ref(of)).build());
      return value(response.getOutput().getBody(), response.getInvocationId());
    } catch (StatusRuntimeException e) {
      return error(e);
    }
  }

  @Override
  public Outcome output(Of of) throws IOException {
    try {
      var response = stub().getOutput(GetOutputRequest.newBuilder().setInvocation(ref(of)).build());
      return response.hasOutput()
          ? value(response.getOutput().getBody(), response.getInvocationId())
          : new Outcome(
              Outcome.NOT_READY,
              NullNode.getInstance(),
              "not ready",
              Map.of(),
              response.getInvocationId());
    } catch (StatusRuntimeException e) {
      return error(e);
    }
  }

  private static InvocationRef ref(Of of) {
    InvocationRef.Builder ref = InvocationRef.newBuilder();
    switch (of) {
      case Of.Id id -> ref.setInvocationId(id.id());
      case Of.Workflow flow ->
          ref.setWorkflow(WorkflowRef.newBuilder().setName(flow.name()).setKey(flow.key()));
      case Of.Idempotent request -> {
        List<String> path = List.of(request.path().split("/", -1));
        IdempotentRef.Builder idempotent =
            IdempotentRef.newBuilder()
                .setService(path.getFirst())
                .setHandler(path.getLast())
                .setIdempotencyKey(request.idempotencyKey());
        if (path.size() == 3) {
          idempotent.setKey(path.get(1));
        }
        ref.setIdempotent(idempotent);
      }
    }
    return ref.build();
  }

  @Override
  public void resolveAwakeable(String id, JsonNode value) {
    completed(
        () ->
            stub()
                .resolveAwakeable(
                    ResolveAwakeableRequest.newBuilder()
                        .setAwakeableId(id)
                        .setValue(bytes(value))
                        .build()));
  }

  @Override
  public void rejectAwakeable(String id, String reason) {
    completed(
        () ->
            stub()
                .rejectAwakeable(
                    RejectAwakeableRequest.newBuilder()
                        .setAwakeableId(id)
                        .setReason(reason)
                        .build()));
  }

  private static void completed(Runnable completion) {
    try {
      completion.run();
    } catch (StatusRuntimeException e) {
      if (!LATE.contains(e.getStatus().getCode())) {
        throw e;
      }
    }
  }

  private static Outcome value(ByteString body, String id) {
    JsonNode value = body.isEmpty() ? NullNode.getInstance() : MAPPER.readTree(body.toByteArray());
    return new Outcome(200, value, "", Map.of(), id);
  }

  /** A handler's failure has its own code; a refusal the one that HTTP has for it. */
  private static Outcome error(StatusRuntimeException e) throws IOException {
    var status = StatusProto.fromThrowable(e);
    String reason = "";
    if (status != null) {
      for (Any detail : status.getDetailsList()) {
        try {
          if (detail.is(InvocationFailure.class)) {
            InvocationFailure failure = detail.unpack(InvocationFailure.class);
            return new Outcome(
                failure.getCode(),
                NullNode.getInstance(),
                failure.getMessage(),
                failure.getMetadataMap(),
                failure.getInvocationId());
          }
          if (detail.is(ErrorInfo.class)) {
            reason = detail.unpack(ErrorInfo.class).getReason();
          }
        } catch (InvalidProtocolBufferException malformed) {
          throw new IOException("Expected details that can be read", malformed);
        }
      }
    }
    int code =
        switch (e.getStatus().getCode()) {
          case NOT_FOUND -> Outcome.NOT_FOUND;
          case ALREADY_EXISTS -> Outcome.CONFLICT;
          case INVALID_ARGUMENT, PERMISSION_DENIED -> 400;
          default -> throw new IOException("Expected an outcome, but got " + e.getStatus(), e);
        };
    return new Outcome(code, NullNode.getInstance(), reason, Map.of(), "");
  }
}
