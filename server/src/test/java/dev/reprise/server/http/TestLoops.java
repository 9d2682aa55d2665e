package dev.reprise.server.http;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Two event loops and a server on a free port, for a test. */
public final class TestLoops implements AutoCloseable {
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

  public EventLoopGroup group() {
    return group;
  }

  public HttpServer serve(HttpHandler handler) throws IOException {
    return serve(handler, HttpLimits.DEFAULT);
  }

  public HttpServer serve(HttpHandler handler, HttpLimits limits) throws IOException {
    return HttpServer.start(
        new HttpServer.Loops(group, group, NioServerSocketChannel.class),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        handler,
        limits);
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
