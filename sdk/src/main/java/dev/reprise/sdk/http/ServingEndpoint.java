package dev.reprise.sdk.http;

import dev.reprise.sdk.runtime.Manifest.Mode;
import dev.reprise.sdk.runtime.Services;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An endpoint that serves. Safe for use by many threads. */
public final class ServingEndpoint implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Channel listener;
  private final ChannelGroup connections;
  private final EventLoopGroup loops;

  private ServingEndpoint(Channel listener, ChannelGroup connections, EventLoopGroup loops) {
    this.listener = listener;
    this.connections = connections;
    this.loops = loops;
  }

  static ServingEndpoint open(Services services, RequestIdentity identity, int port) {
    var loops =
        new MultiThreadIoEventLoopGroup(
            new DefaultThreadFactory("reprise-endpoint"), NioIoHandler.newFactory());
    var connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    var opened =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connections.add(connection);
                    connection.pipeline().addLast(new ProtocolChooser(services, identity));
                  }
                })
            .bind(port)
            .awaitUninterruptibly();
    if (!opened.isSuccess()) {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
      throw new IllegalStateException(
          "Expected to open port %d, but %s".formatted(port, opened.cause().getMessage()),
          opened.cause());
    }
    return new ServingEndpoint(opened.channel(), connections, loops);
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** As a server on this machine reaches it. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /**
   * Takes no new attempts, lets running ones end for five seconds, then closes: what was not ended
   * goes on elsewhere.
   */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    // An HTTP/2 connection says that it goes away and closes when its last stream has ended.
    connections.close().awaitUninterruptibly(GRACE.toMillis());
    loops.shutdownGracefully(0, GRACE.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }

  /** Where the modes are chosen: HTTP/1.1 cannot be relied on to speak both ways at once. */
  static RequestHandler handler(Services services, RequestIdentity identity, boolean http2) {
    return new RequestHandler(services, identity, http2 ? Mode.BIDI_STREAM : Mode.REQUEST_RESPONSE);
  }
}
