package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.CallResponse;
import dev.reprise.api.ingress.v1.GetOutputRequest;
import dev.reprise.api.ingress.v1.GetOutputResponse;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.InvocationRef;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.api.ingress.v1.SendRequest;
import dev.reprise.api.ingress.v1.SendResponse;
import dev.reprise.server.ingress.EchoRequests;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gRPC door with the ingress behind it for each test, and what a client says there. */
abstract class IngressDoorTest {
  final EchoRequests echo;
  GrpcDoor door;
  ManagedChannel channel;

  IngressDoorTest() {
    this(new EchoRequests());
  }

  IngressDoorTest(EchoRequests echo) {
    this.echo = echo;
  }

  @BeforeEach
  void open() throws IOException {
    door = GrpcDoor.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), services());
    channel = NettyChannelBuilder.forAddress("127.0.0.1", door.port()).usePlaintext().build();
  }

  /** What is behind the door. */
  List<BindableService> services() {
    return List.of(new GrpcIngress(echo.requests));
  }

  @AfterEach
  void close() throws InterruptedException {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    door.close();
    echo.close();
  }

  IngressGrpc.IngressBlockingStub stub() {
    return IngressGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  CallResponse call(Invoke.Builder invoke) {
    return stub().call(CallRequest.newBuilder().setInvoke(invoke).build());
  }

  SendResponse send(Invoke.Builder invoke) {
    return stub().send(SendRequest.newBuilder().setInvoke(invoke).build());
  }

  GetOutputResponse output(InvocationRef ref) {
    return stub().getOutput(GetOutputRequest.newBuilder().setInvocation(ref).build());
  }

  static InvocationRef byId(String id) {
    return InvocationRef.newBuilder().setInvocationId(id).build();
  }

  static Invoke.Builder invoke(String service, String handler) {
    return Invoke.newBuilder()
        .setService(service)
        .setHandler(handler)
        .setContentType("application/json");
  }

  static ByteString utf8(String text) {
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

  static <T extends com.google.protobuf.Message> T detail(
      StatusRuntimeException failure, Class<T> type) throws InvalidProtocolBufferException {
    for (Any any : Objects.requireNonNull(StatusProto.fromThrowable(failure)).getDetailsList()) {
      if (any.is(type)) {
        return any.unpack(type);
      }
    }
    throw new AssertionError("Expected a " + type.getSimpleName() + " in " + failure, failure);
  }

  static void until(Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.call()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("Expected the condition to hold within 20 s");
      }
      Thread.onSpinWait();
    }
  }
}
