package dev.reprise.server.net;

import dev.reprise.cluster.partition.Loop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A partition's loop on a Netty event loop, so that its sockets and its leader share a thread. */
public final class NettyLoop implements Loop {
  private final EventLoop eventLoop;

  public NettyLoop(EventLoop eventLoop) {
    this.eventLoop = eventLoop;
  }

  public EventLoop eventLoop() {
    return eventLoop;
  }

  @Override
  public void execute(Runnable task) {
    eventLoop.execute(task);
  }

  @Override
  public Cancellable schedule(Duration delay, Runnable task) {
    Future<?> timer = eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  @Override
  public boolean inLoop() {
    return eventLoop.inEventLoop();
  }
}
