package dev.reprise.server.net;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The event loops that a node shares among its doors and partitions. Any thread. */
public final class EventLoops implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group;
  private final List<NettyLoop> loops;
  private final boolean epoll;

  private EventLoops(MultiThreadIoEventLoopGroup group, List<NettyLoop> loops, boolean epoll) {
    this.group = group;
    this.loops = List.copyOf(loops);
    this.epoll = epoll;
  }

  /** That many loops, on epoll where the machine has it and on NIO elsewhere. */
  public static EventLoops open(int threads) {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("loop", true), handlers);
    List<NettyLoop> loops = new ArrayList<>(threads);
    for (int i = 0; i < threads; i++) {
      loops.add(new NettyLoop(group.next()));
    }
    return new EventLoops(group, loops, epoll);
  }

  public MultiThreadIoEventLoopGroup group() {
    return group;
  }

  public int size() {
    return loops.size();
  }

  /** The loop of a partition: partitions are dealt to the loops in turn. */
  public NettyLoop loop(int partition) {
    return loops.get(partition % loops.size());
  }

  public Class<? extends SocketChannel> channel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  public Class<? extends ServerSocketChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The channel class for a client on this loop. */
  public Class<? extends SocketChannel> channelOf(EventLoop loop) {
    if (loop.parent() != group) {
      throw new IllegalArgumentException("Expected one of this group's loops, but got " + loop);
    }
    return channel();
  }

  /** Stops at once; what was under way is dropped. Returns when the threads have ended. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
