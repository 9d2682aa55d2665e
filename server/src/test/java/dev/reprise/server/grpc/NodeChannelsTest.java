package dev.reprise.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node that comes back at another address is found there, over connections that were there. */
@Timeout(60)
class NodeChannelsTest {
  private static final String NAME = "node-2.cluster:5122";

  /** A failure is heard of within milliseconds; what is shut down is gone after five seconds. */
  private static final long LATE_SECONDS = 2;

  private final Names names = new Names();
  private GrpcDoor door;
  private ManagedChannel channel;

  @BeforeEach
  void open() throws IOException {
    NameResolverRegistry.getDefaultRegistry().register(names);
    door = GrpcDoor.start(loopback(0), NodeTls.NONE, List.of(), List.of(), 1 << 20);
    channel = NodeChannels.to(NAME, NodeTls.NONE).build();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    door.close();
    NameResolverRegistry.getDefaultRegistry().deregister(names);
  }

  @Test
  void aNameThatWasUnknownBetweenTwoAddressesLeadsToTheSecond() throws Exception {
    try (ServerSocket before = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // Given a connection to an address that is being given up,
      channel.getState(true);
      names.found(loopback(before.getLocalPort()));
      Socket old = before.accept();
      // and a name that is nobody's for a moment,
      names.unknown();

      // when the node is back at another address,
      names.found(loopback(door.port()));
      // then it is asked there,
      assertThat(ask()).isEqualTo(ServingStatus.SERVING);
      // and still is when the old address has failed at last.
      CountDownLatch disturbed = new CountDownLatch(1);
      channel.notifyWhenStateChanged(ConnectivityState.READY, disturbed::countDown);
      old.close();
      assertThat(disturbed.await(LATE_SECONDS, TimeUnit.SECONDS)).isFalse();
      assertThat(ask()).isEqualTo(ServingStatus.SERVING);
    }
  }

  private ServingStatus ask() {
    return HealthGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** In the place of a DNS: says what it is told to. */
  private static final class Names extends NameResolverProvider {
    private final CompletableFuture<NameResolver.Listener2> asker = new CompletableFuture<>();

    private NameResolver.Listener2 asker() {
      return asker.orTimeout(30, TimeUnit.SECONDS).join();
    }

    void found(SocketAddress at) {
      var addresses = List.of(new EquivalentAddressGroup(at));
      asker()
          .onResult(
              NameResolver.ResolutionResult.newBuilder()
                  .setAddressesOrError(StatusOr.fromValue(addresses))
                  .build());
    }

    void unknown() {
      asker().onError(Status.UNAVAILABLE.withDescription("no such name"));
    }

    @Override
    public NameResolver newNameResolver(URI target, NameResolver.Args args) {
      return new NameResolver() {
        @Override
        public String getServiceAuthority() {
          return NAME;
        }

        @Override
        public void start(Listener2 listener) {
          asker.complete(listener);
        }

        @Override
        public void shutdown() {}
      };
    }

    @Override
    protected boolean isAvailable() {
      return true;
    }

    /** Before gRPC's own. */
    @Override
    protected int priority() {
      return 6;
    }

    @Override
    public String getDefaultScheme() {
      return "dns";
    }
  }
}
