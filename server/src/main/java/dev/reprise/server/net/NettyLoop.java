package dev.reprise.server.net;

import dev.reprise.cluster.partition.Loop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A partition's loop on a Netty event loop, so that its sockets and its leader share a thread. */
public final class NettyLoop implements Loop {
  private static final Duration NEVER = Duration.ofNanos(Long.MAX_VALUE);

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
    // Longer than a long of nanoseconds is never.
    long nanos = delay.compareTo(NEVER) >= 0 ? Long.MAX_VALUE : delay.toNanos();
    Future<?> timer = eventLoop.schedule(task, nanos, TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  @Override
  public boolean inLoop() {
    return eventLoop.inEventLoop();
  }
}
