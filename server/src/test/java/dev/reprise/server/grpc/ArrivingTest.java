package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.reprise.api.ingress.v1.CallRequest;
import dev.reprise.api.ingress.v1.IngressGrpc;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.server.http.H2Client;
import dev.reprise.server.http.RawClient;
import dev.reprise.server.ingress.EchoRequests;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send half a message and no more hold only so much of a node. */
@Timeout(60)
class ArrivingTest {
  private static final int HALF = 400 << 10;
  private static final int LIMIT = 600 << 10;
  private static final long DEADLINE_SECONDS = 20;

  private final EchoRequests echo = new EchoRequests();
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private GrpcDoor door;

  @BeforeEach
  void open() throws Exception {
    door =
        GrpcDoor.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(new GrpcIngress(echo.requests)),
            LIMIT);
  }

  @AfterEach
  void close() {
    var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    door.close();
    echo.close();
  }

  private H2Client client() throws Exception {
    return new H2Client(
        loops, new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()));
  }

  /** Says how long its message is, and sends half of it. */
  private static CompletableFuture<RawClient.Reply> half(H2Client client) throws Exception {
    byte[] body = ByteBuffer.allocate(5 + HALF).put((byte) 0).putInt(2 * HALF).array();
    return client.begin(
        "POST",
        "/dev.reprise.ingress.v1.Ingress/Call",
        body,
        "content-type",
        "application/grpc",
        "te",
        "trailers");
  }

  private String call() throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", door.port()).usePlaintext().build();
    try {
      Invoke invoke =
          Invoke.newBuilder()
              .setService("Probe")
              .setHandler("echo")
              .setContentType("application/json")
              .setBody(ByteString.copyFromUtf8("\"fine\""))
              .build();
      return IngressGrpc.newBlockingStub(channel)
          .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
          .call(CallRequest.newBuilder().setInvoke(invoke).build())
          .getOutput()
          .getBody()
          .toStringUtf8();
    } finally {
      channel.shutdownNow().awaitTermination(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void theMessageThatIsTooMuchIsRefusedAndTheOthersGoOn() throws Exception {
    try (H2Client first = client();
        H2Client second = client()) {
      var held = half(first);
      until(() -> door.arrivingBytes() == HALF);

      Map<String, String> refused = half(second).get(DEADLINE_SECONDS, TimeUnit.SECONDS).headers();

      // RESOURCE_EXHAUSTED
      assertThat(refused).containsEntry("grpc-status", "8");
      assertThat(refused.get("grpc-message")).contains("Expected room for this message");
      assertThat(held).isNotDone();
      assertThat(call()).isEqualTo("\"fine\"");
      until(() -> door.arrivingBytes() == HALF);
    }
    until(() -> door.arrivingBytes() == 0);
  }

  @Test
  void whatIsTakenBackIsHeldNoLonger() throws Exception {
    try (H2Client client = client()) {
      for (int i = 0; i < 5; i++) {
        var unused = half(client);
        until(() -> door.arrivingBytes() == HALF);
        client.resetAll();
        until(() -> door.arrivingBytes() == 0);
      }
    }
  }
}
