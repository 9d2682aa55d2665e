package dev.reprise.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long a connection is waited for. One that asks nothing is closed after a while; one that has
 * begun to ask must go on. While an answer is being made, nobody is hurried. Stands before all
 * other handlers of its connection, to see bytes that are no request yet. Confined to the
 * connection's event loop.
 */
final class Patience extends ChannelInboundHandlerAdapter {
  /** What the connection is waited for. */
  private enum Phase {
    /** The next request, or that the last answer is read. */
    IDLE,
    /** The rest of a request's head, all of which has to come in time. */
    HEAD,
    /** The next piece of a body. */
    BODY,
    /** Nothing: it is our turn. */
    ANSWER
  }

  private final HttpLimits limits;
  private @Nullable Runnable slow;
  private @Nullable ScheduledFuture<?> alarm;
  private Phase phase = Phase.IDLE;
  private boolean multiplexed;
  private long since = System.nanoTime();
  private long unsent;

  Patience(HttpLimits limits) {
    this.limits = limits;
  }

  /**
   * Whom to tell of a request that does not go on; until somebody is named, the connection is
   * closed.
   */
  void tell(Runnable told) {
    slow = told;
  }

  /** From now on requests come in streams, which say themselves when they begin and end. */
  void multiplexed() {
    multiplexed = true;
    enter(Phase.IDLE);
  }

  /** A request's head is there. */
  void headRead() {
    enter(Phase.BODY);
  }

  /** A request is there, and its answer is being made. */
  void requestRead() {
    enter(Phase.ANSWER);
  }

  /** Nothing is under way. */
  void idle() {
    enter(Phase.IDLE);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    arm(ctx, limits.patienceNanos());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (phase == Phase.IDLE && !multiplexed) {
      enter(Phase.HEAD);
    } else if (phase == Phase.BODY) {
      since = System.nanoTime();
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    disarm();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    disarm();
    ctx.fireChannelInactive();
  }

  private void enter(Phase next) {
    phase = next;
    since = System.nanoTime();
  }

  private void arm(ChannelHandlerContext ctx, long nanos) {
    alarm = ctx.executor().schedule(() -> look(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void disarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  private void look(ChannelHandlerContext ctx) {
    if (!ctx.channel().isActive()) {
      return;
    }
    long allowed = phase == Phase.IDLE ? limits.idleNanos() : limits.patienceNanos();
    long left = phase == Phase.ANSWER ? allowed : allowed - (System.nanoTime() - since);
    if (left <= 0 && phase == Phase.IDLE && isRead(ctx)) {
      left = allowed;
    }
    if (left > 0) {
      arm(ctx, Math.min(left, limits.patienceNanos()));
    } else if (phase == Phase.IDLE || slow == null) {
      // From the other end, so that HTTP/2 says goodbye.
      var unused = ctx.channel().close();
    } else {
      slow.run();
    }
  }

  /** Whether the client has taken some of the last answer since the last look. */
  private boolean isRead(ChannelHandlerContext ctx) {
    ChannelOutboundBuffer buffer = ctx.channel().unsafe().outboundBuffer();
    long pending = buffer == null ? 0 : buffer.totalPendingWriteBytes();
    boolean less = pending > 0 && pending != unsent;
    unsent = pending;
    return less;
  }
}
