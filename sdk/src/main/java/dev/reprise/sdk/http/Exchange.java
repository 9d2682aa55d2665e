package dev.reprise.sdk.http;

import dev.reprise.api.MessageFraming;
import dev.reprise.sdk.core.ProtocolMessage;
import dev.reprise.sdk.runtime.Attempt;
import dev.reprise.sdk.runtime.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One attempt's request and response. The event loop feeds it what arrives, the attempt's thread
 * writes through it; each holds back the other side when it is too fast: the stream is not read
 * while too much waits for the attempt, and the attempt waits while too much waits for the network.
 */
final class Exchange implements Transport {
  private static final int PAUSE_READING_ABOVE = 1024 * 1024;
  private static final int RESUME_READING_BELOW = 256 * 1024;

  private final Channel channel;
  private final boolean keepAlive;
  private final Frames frames = new Frames();
  private final AtomicLong unread = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition writable = lock.newCondition();
  private volatile boolean paused;
  private volatile boolean closed;
  private @Nullable Attempt attempt;
  private boolean broken;

  Exchange(Channel channel, boolean keepAlive) {
    this.channel = channel;
    this.keepAlive = keepAlive;
  }

  // ---- event loop ----

  void begin(Attempt prepared) {
    attempt = prepared;
    prepared.start();
  }

  /** Takes over the bytes. */
  void received(ByteBuf bytes) {
    Attempt receiver = attempt;
    if (receiver == null || broken) {
      bytes.release();
      return;
    }
    String error =
        frames.feed(
            bytes,
            channel.alloc(),
            (type, payload) -> {
              unread.addAndGet(MessageFraming.HEADER_BYTES + payload.size());
              receiver.receive(type, payload);
            });
    if (error != null) {
      broken = true;
      receiver.unreadable(error);
    }
    if (unread.get() > PAUSE_READING_ABOVE) {
      paused = true;
      channel.config().setAutoRead(false);
      resumeIfDrained();
    }
  }

  void requestEnded() {
    if (attempt == null || broken) {
      return;
    }
    if (frames.isIncomplete()) {
      broken = true;
      attempt.unreadable("Expected a whole frame, but the request ended in the middle of one");
    } else {
      attempt.inputEnded();
    }
    frames.close();
  }

  /** The stream is gone. */
  void aborted() {
    closed = true;
    broken = true;
    frames.close();
    if (attempt != null) {
      attempt.abort();
    }
  }

  void writabilityChanged() {
    lock.lock();
    try {
      writable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void resumeIfDrained() {
    if (paused && unread.get() < RESUME_READING_BELOW) {
      paused = false;
      channel.config().setAutoRead(true);
    }
  }

  // ---- the attempt's thread ----

  @Override
  public void send(List<ProtocolMessage> messages) throws InterruptedException {
    if (closed) {
      return;
    }
    channel
        .writeAndFlush(new DefaultHttpContent(Frames.encode(messages, channel.alloc())))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    if (channel.isWritable()) {
      return;
    }
    lock.lockInterruptibly();
    try {
      while (!channel.isWritable() && !closed) {
        writable.await();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void consumed(int bytes) {
    if (unread.addAndGet(-MessageFraming.HEADER_BYTES - bytes) < RESUME_READING_BELOW && paused) {
      channel.eventLoop().execute(this::resumeIfDrained);
    }
  }

  @Override
  public void end() {
    if (closed) {
      return;
    }
    var written = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }
}
