package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that knows nothing but the address, such as grpcurl, lists and calls the door. */
@Timeout(60)
class ReflectionTest extends IngressDoorTest {
  private static final String INGRESS = "dev.reprise.ingress.v1.Ingress";

  @Test
  void whatIsListedCanBeCalled() throws Exception {
    List<String> services =
        ask(ServerReflectionRequest.newBuilder().setListServices("").build())
            .getListServicesResponse()
            .getServiceList()
            .stream()
            .map(ServiceResponse::getName)
            .toList();
    assertThat(services).contains(INGRESS, "grpc.health.v1.Health");

    ServiceDescriptor ingress = describe(INGRESS);
    assertThat(ingress.getMethods())
        .extracting(MethodDescriptor::getName)
        .containsExactly(
            "Call",
            "Send",
            "Attach",
            "GetOutput",
            "ResolveAwakeable",
            "RejectAwakeable",
            "ResolvePromise",
            "RejectPromise",
            "PeekPromise",
            "SendSignal",
            "CancelInvocation");

    MethodDescriptor call = ingress.findMethodByName("Call");
    Descriptor invoke = call.getInputType().findFieldByName("invoke").getMessageType();
    Message body =
        message(
            invoke,
            Map.of(
                "service",
                "Probe",
                "handler",
                "echo",
                "content_type",
                "application/json",
                "body",
                ByteString.copyFromUtf8("\"found\"")));
    Message answer = call(call, message(call.getInputType(), Map.of("invoke", body)));

    Message output = (Message) answer.getField(field(answer, "output"));
    assertThat(output.getField(field(output, "body")))
        .isEqualTo(ByteString.copyFromUtf8("\"found\""));
    assertThat((String) answer.getField(field(answer, "invocation_id"))).startsWith("inv_1");
  }

  private static com.google.protobuf.Descriptors.FieldDescriptor field(Message of, String name) {
    return of.getDescriptorForType().findFieldByName(name);
  }

  private static Message message(Descriptor type, Map<String, Object> fields) {
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    fields.forEach((name, value) -> message.setField(type.findFieldByName(name), value));
    return message.build();
  }

  private Message call(MethodDescriptor method, Message request) {
    var descriptor =
        io.grpc.MethodDescriptor.<Message, Message>newBuilder()
            .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(
                io.grpc.MethodDescriptor.generateFullMethodName(
                    method.getService().getFullName(), method.getName()))
            .setRequestMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
            .setResponseMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
            .build();
    return ClientCalls.blockingUnaryCall(
        channel, descriptor, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), request);
  }

  private ServiceDescriptor describe(String service) throws Exception {
    Map<String, FileDescriptorProto> files = new HashMap<>();
    ServerReflectionResponse response =
        ask(ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build());
    for (ByteString bytes : response.getFileDescriptorResponse().getFileDescriptorProtoList()) {
      FileDescriptorProto file = FileDescriptorProto.parseFrom(bytes);
      files.put(file.getName(), file);
    }
    for (FileDescriptorProto file : files.values()) {
      assertThat(file.getDependencyList()).as("the ingress needs nothing else").isEmpty();
      ServiceDescriptor found =
          FileDescriptor.buildFrom(file, new FileDescriptor[0])
              .findServiceByName(service.substring(service.lastIndexOf('.') + 1));
      if (found != null) {
        return found;
      }
    }
    throw new AssertionError("Expected " + service + " in " + files.keySet());
  }

  private ServerReflectionResponse ask(ServerReflectionRequest request) throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable problem) {
                    answer.completeExceptionally(problem);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(request);
    requests.onCompleted();
    return answer.get(20, TimeUnit.SECONDS);
  }
}
