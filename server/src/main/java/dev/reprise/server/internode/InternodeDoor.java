package dev.reprise.server.internode;

import dev.reprise.api.MessageFraming;
import dev.reprise.api.internode.v1.InternodeGrpc;
import dev.reprise.api.internode.v1.Questions;
import dev.reprise.api.internode.v1.Replies;
import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.membership.Membership;
import dev.reprise.cluster.partition.Loop;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** The node-to-node port: other nodes ask the partitions that this one leads. */
public final class InternodeDoor implements AutoCloseable {
  private static final int MESSAGE_BYTES = 2 * MessageFraming.FRAME_LIMIT;
  private static final int WINDOW_BYTES = 1 << 20;
  private static final long KEEP_ALIVE_SECONDS = 5;
  private static final long GRACE_SECONDS = 1;

  private final Server server;

  private InternodeDoor(Server server) {
    this.server = server;
  }

  /**
   * Listens.
   *
   * @param loops the loop of each partition
   * @throws IOException if the port cannot be had; the message names it
   */
  public static InternodeDoor start(
      InetSocketAddress address,
      PartitionRouter router,
      Membership membership,
      IntFunction<? extends Loop> loops,
      InternodeLimits limits)
      throws IOException {
    InternodeGrpc.InternodeImplBase service =
        new InternodeGrpc.InternodeImplBase() {
          @Override
          public StreamObserver<Questions> ask(StreamObserver<Replies> replies) {
            return new AskedStream(
                (ServerCallStreamObserver<Replies>) replies, router, membership, loops, limits);
          }
        };
    Server server =
        NettyServerBuilder.forAddress(address)
            // Callbacks only hand over to loops.
            .directExecutor()
            .maxInboundMessageSize(MESSAGE_BYTES)
            .flowControlWindow(WINDOW_BYTES)
            // A node that is gone waits for nothing any more.
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .addService(service)
            .build();
    try {
      return new InternodeDoor(server.start());
    } catch (IOException e) {
      throw new IOException("Expected to listen on " + address + ", but " + e.getMessage(), e);
    }
  }

  /** The port, also when any was asked for. */
  public int port() {
    return server.getPort();
  }

  /** Cuts all streams: whoever asked looks elsewhere. Blocks for a moment. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      if (!server.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
