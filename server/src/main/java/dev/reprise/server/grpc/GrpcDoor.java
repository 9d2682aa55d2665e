package dev.reprise.server.grpc;

import dev.reprise.api.MessageFraming;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The gRPC port: the given services, and reflection and health beside them. */
public final class GrpcDoor implements AutoCloseable {
  private static final int MESSAGE_BYTES = MessageFraming.FRAME_LIMIT;

  /** Of messages that have come in part, as of bodies over HTTP. */
  private static final long ARRIVING_BYTES = 512L << 20;

  private static final int METADATA_BYTES = 64 << 10;
  private static final int CALLS_PER_CONNECTION = 1_000;
  private static final int WINDOW_BYTES = 1 << 20;
  private static final long FASTEST_PING_SECONDS = 10;
  private static final long GRACE_SECONDS = 5;

  private final Server server;
  private final Arriving arriving;
  private final HealthStatusManager health;
  private final ExecutorService threads;

  private GrpcDoor(
      Server server, Arriving arriving, HealthStatusManager health, ExecutorService threads) {
    this.server = server;
    this.arriving = arriving;
    this.health = health;
    this.threads = threads;
  }

  /**
   * Listens. Each call runs on a virtual thread, so that it may block.
   *
   * @throws IOException if the port cannot be had; the message names it
   */
  public static GrpcDoor start(InetSocketAddress address, List<BindableService> services)
      throws IOException {
    return start(address, services, ARRIVING_BYTES);
  }

  static GrpcDoor start(
      InetSocketAddress address, List<BindableService> services, long arrivingBytes)
      throws IOException {
    Arriving arriving = new Arriving(arrivingBytes);
    HealthStatusManager health = new HealthStatusManager();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .executor(threads)
            .addStreamTracerFactory(arriving)
            .intercept(new TraceContext())
            .intercept(arriving)
            .maxInboundMessageSize(MESSAGE_BYTES)
            .maxInboundMetadataSize(METADATA_BYTES)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
            .initialFlowControlWindow(WINDOW_BYTES)
            // A client that waits long may look whether the connection still is one.
            .permitKeepAliveTime(FASTEST_PING_SECONDS, TimeUnit.SECONDS)
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance());
    services.forEach(builder::addService);
    try {
      return new GrpcDoor(builder.build().start(), arriving, health, threads);
    } catch (IOException e) {
      threads.shutdownNow();
      throw new IOException("Expected to listen on " + address + ", but " + e.getMessage(), e);
    }
  }

  /** The port, also when any was asked for. */
  public int port() {
    return server.getPort();
  }

  /** Bytes of messages that have come in part. */
  long arrivingBytes() {
    return arriving.held();
  }

  /** Says goodbye, waits a few seconds for calls under way, then cuts them. Blocks. */
  @Override
  public void close() {
    health.enterTerminalState();
    server.shutdown();
    try {
      if (!server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
  }
}
