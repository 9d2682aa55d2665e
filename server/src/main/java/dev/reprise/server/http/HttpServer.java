package dev.reprise.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A listening port and its connections, on event loops that belong to somebody else. */
// A write that fails closes its channel, which is noticed there.
@SuppressWarnings("FutureReturnValueIgnored")
public final class HttpServer implements AutoCloseable {
  /** Tells a connection to finish what it has begun and then to close. */
  static final Object DRAIN = new Object();

  private static final int BACKLOG = 4096;
  private static final long GRACE_SECONDS = 5;

  private final Channel listener;
  private final ChannelGroup connections;
  private final Common common;

  private HttpServer(Channel listener, ChannelGroup connections, Common common) {
    this.listener = listener;
    this.connections = connections;
    this.common = common;
  }

  /** The event loops of a server and the kind of channel that they drive. */
  public record Loops(
      EventLoopGroup acceptors, EventLoopGroup workers, Class<? extends ServerChannel> channel) {}

  /**
   * Listens. Blocks until the port is bound.
   *
   * @throws IOException if the port cannot be had; the message names it
   */
  public static HttpServer start(
      Loops loops, InetSocketAddress address, HttpHandler handler, HttpLimits limits)
      throws IOException {
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    Common common = new Common();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.acceptors(), loops.workers())
            .channel(loops.channel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .handler(new Accepted(connections))
            .childHandler(new ProtocolDetector.Connections(handler, limits, common));
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "Expected to listen on " + address + ", but " + bound.cause().getMessage(),
          bound.cause());
    }
    return new HttpServer(bound.channel(), connections, common);
  }

  /** Where it listens; the port is known even when any was asked for. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** How many connections are open. */
  public int connections() {
    return connections.size();
  }

  /** How many bytes of bodies are held that are being received or handled. */
  public long heldBytes() {
    return common.held.get();
  }

  /**
   * Asks clients to go elsewhere, and serves whoever comes all the same: each answer over HTTP/1
   * ends its connection, and connections of HTTP/2 are told goodbye. To be called some time before
   * {@link #close}, which has to cut a connection that its client may be about to use.
   */
  public void leave() {
    common.leave();
    for (Channel connection : connections) {
      if (connection.pipeline().get(Http2FrameCodec.class) != null) {
        // Not yet the last stream: those that are on their way are served.
        connection.writeAndFlush(
            new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
      }
    }
  }

  /**
   * Stops accepting and lets requests under way finish for a few seconds. Completes when every
   * connection is closed.
   */
  public CompletableFuture<Void> drain() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    listener
        .close()
        .addListener(
            closed -> {
              for (Channel connection : connections) {
                drain(connection);
              }
              connections.newCloseFuture().addListener(all -> drained.complete(null));
            });
    return drained;
  }

  /** Drains, then cuts what is left. Blocks; never on an event loop. */
  @Override
  public void close() {
    CompletableFuture<Void> drained = drain();
    try {
      drained.get(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      // Cut below.
    }
    connections.close().awaitUninterruptibly(GRACE_SECONDS, TimeUnit.SECONDS);
  }

  private static void drain(Channel connection) {
    if (connection.pipeline().get(Http1Handler.class) != null) {
      connection.pipeline().fireUserEventTriggered(DRAIN);
    } else {
      // HTTP/2 says goodbye itself and waits for its streams.
      connection.close();
    }
  }

  /** Remembers each connection before it reads. */
  private static final class Accepted extends ChannelInboundHandlerAdapter {
    private final ChannelGroup connections;

    Accepted(ChannelGroup connections) {
      this.connections = connections;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      connections.add((Channel) message);
      ctx.fireChannelRead(message);
    }
  }
}
