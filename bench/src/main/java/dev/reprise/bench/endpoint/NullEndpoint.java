package dev.reprise.bench.endpoint;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;

/**
 * A service endpoint whose handlers do nothing of their own, so that what is measured through it is
 * the server. Streaming under {@code /b}, request and response under {@code /rr}. One thread. Any
 * thread may close it.
 */
public final class NullEndpoint implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup loop;
  private final Channel channel;

  private NullEndpoint(MultiThreadIoEventLoopGroup loop, Channel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  /**
   * Serves on an address; port 0 picks a free one.
   *
   * @throws RuntimeException when the address cannot be bound
   */
  public static NullEndpoint serve(InetSocketAddress address) {
    MultiThreadIoEventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    Routes routes = new Routes(new Shared());
    try {
      Channel channel =
          new ServerBootstrap()
              .group(loop)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, 1024)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                      connection.pipeline().addLast(new Http2Connection(routes));
                    }
                  })
              .bind(address)
              .syncUninterruptibly()
              .channel();
      return new NullEndpoint(loop, channel);
    } catch (RuntimeException e) {
      var unused = loop.shutdownGracefully();
      throw e;
    }
  }

  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Returns when the endpoint is closed. */
  public void awaitClose() {
    channel.closeFuture().syncUninterruptibly();
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    var unused = loop.shutdownGracefully();
  }
}
