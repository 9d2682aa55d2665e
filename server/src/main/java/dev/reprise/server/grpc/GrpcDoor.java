package dev.reprise.server.grpc;

import dev.reprise.api.MessageFraming;
import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The gRPC port: the given services, and reflection and health beside them. */
public final class GrpcDoor implements AutoCloseable {
  private static final int MESSAGE_BYTES = MessageFraming.FRAME_LIMIT;

  /** Of messages that have come in part, as of bodies over HTTP. */
  private static final long ARRIVING_BYTES = 512L << 20;

  private static final int METADATA_BYTES = 64 << 10;
  private static final int CALLS_PER_CONNECTION = 1_000;
  private static final int WINDOW_BYTES = 1 << 20;
  private static final long FASTEST_PING_SECONDS = 10;
  private static final long KEEP_ALIVE_SECONDS = 10;
  private static final long GRACE_SECONDS = 5;

  private final Server server;
  private final Arriving arriving;
  private final AtomicBoolean left = new AtomicBoolean();
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
    return start(address, NodeTls.NONE, services, List.of(), MESSAGE_BYTES, ARRIVING_BYTES, null);
  }

  /**
   * Listens while only these services are there: whoever calls another one is to come again.
   *
   * @throws IOException if the port cannot be had; the message names it
   */
  public static GrpcDoor early(InetSocketAddress address, List<BindableService> services)
      throws IOException {
    return start(
        address, NodeTls.NONE, services, List.of(), MESSAGE_BYTES, ARRIVING_BYTES, new NotYet());
  }

  static GrpcDoor start(
      InetSocketAddress address, List<BindableService> services, long arrivingBytes)
      throws IOException {
    return start(address, NodeTls.NONE, services, List.of(), MESSAGE_BYTES, arrivingBytes, null);
  }

  /**
   * Listens.
   *
   * @param tls how whoever calls is spoken to
   * @param services their calls run on virtual threads, so that they may block
   * @param swift services whose calls only hand over; they run on the threads of the connections
   * @param messageBytes the longest message that is taken
   * @throws IOException if the port cannot be had; the message names it
   */
  public static GrpcDoor start(
      InetSocketAddress address,
      NodeTls tls,
      List<BindableService> services,
      List<BindableService> swift,
      int messageBytes)
      throws IOException {
    return start(address, tls, services, swift, messageBytes, ARRIVING_BYTES, null);
  }

  private static GrpcDoor start(
      InetSocketAddress address,
      NodeTls tls,
      List<BindableService> services,
      List<BindableService> swift,
      int messageBytes,
      long arrivingBytes,
      @Nullable HandlerRegistry rest)
      throws IOException {
    Set<String> handOver = new HashSet<>();
    swift.forEach(it -> handOver.add(it.bindService().getServiceDescriptor().getName()));
    Arriving arriving = new Arriving(arrivingBytes);
    HealthStatusManager health = new HealthStatusManager();
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address, tls.server())
            .executor(threads)
            .callExecutor(executorOf(handOver, threads))
            .addStreamTracerFactory(arriving)
            .intercept(new TraceContext())
            .intercept(arriving)
            .maxInboundMessageSize(messageBytes)
            .maxInboundMetadataSize(METADATA_BYTES)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
            .initialFlowControlWindow(WINDOW_BYTES)
            // A client that waits long may look whether the connection still is one.
            .permitKeepAliveTime(FASTEST_PING_SECONDS, TimeUnit.SECONDS)
            // A client that is gone waits for nothing any more.
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance());
    if (rest != null) {
      builder.fallbackHandlerRegistry(rest);
    }
    services.forEach(builder::addService);
    swift.forEach(builder::addService);
    try {
      return new GrpcDoor(builder.build().start(), arriving, health, threads);
    } catch (IOException e) {
      threads.shutdownNow();
      throw new IOException("Expected to listen on " + address + ", but " + e.getMessage(), e);
    }
  }

  private static ServerCallExecutorSupplier executorOf(Set<String> handOver, Executor threads) {
    return new ServerCallExecutorSupplier() {
      @Override
      public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata metadata) {
        String service = call.getMethodDescriptor().getServiceName();
        return service != null && handOver.contains(service) ? Runnable::run : threads;
      }
    };
  }

  /** The port, also when any was asked for. */
  public int port() {
    return server.getPort();
  }

  /** Bytes of messages that have come in part. */
  long arrivingBytes() {
    return arriving.held();
  }

  /** From now on its health says that others are to be asked; whoever comes is served. */
  public void leave() {
    if (left.compareAndSet(false, true)) {
      health.enterTerminalState();
    }
  }

  /** Says goodbye, waits a few seconds for calls under way, then cuts them. Blocks. */
  @Override
  public void close() {
    leave();
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
