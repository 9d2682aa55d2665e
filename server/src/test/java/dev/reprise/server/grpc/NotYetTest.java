package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.api.admin.v1.AdminGrpc;
import dev.reprise.api.admin.v1.ClusterAdminGrpc;
import dev.reprise.api.admin.v1.GetStateRequest;
import dev.reprise.api.admin.v1.ProvisionRequest;
import dev.reprise.server.membership.Provisioning;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that is not in its cluster yet can be told to found one; all else is to wait. */
@Timeout(60)
class NotYetTest {
  @Test
  void whoCallsAServiceThatIsNotThereYetIsToldToComeAgain() throws IOException {
    Provisioning provisioning = new Provisioning();
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (GrpcDoor door = GrpcDoor.early(anyPort, List.of(provisioning))) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", door.port()).usePlaintext().build();
      try {
        var admin = AdminGrpc.newBlockingStub(channel);
        assertThatThrownBy(() -> admin.getState(GetStateRequest.getDefaultInstance()))
            .isInstanceOfSatisfying(
                StatusRuntimeException.class,
                it -> {
                  assertThat(it.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                  assertThat(it.getStatus().getDescription()).contains("not in its cluster yet");
                });

        var unused =
            ClusterAdminGrpc.newBlockingStub(channel)
                .provision(ProvisionRequest.getDefaultInstance());
        assertThat(provisioning.isAsked()).isTrue();
      } finally {
        channel.shutdownNow();
      }
    }
  }
}
