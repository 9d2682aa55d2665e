package dev.reprise.server.endpoint;

import dev.reprise.server.endpoint.StreamFailure.Kind;
import dev.reprise.storage.model.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * An exchange with a function: gathers the request, calls, and tells the answer as if it came in
 * pieces, no faster than they are consumed. Confined to its loop.
 */
final class FunctionStream implements EndpointStream {
  /** More than any function takes, compressed or not. */
  private static final int REQUEST_LIMIT = 32 << 20;

  private static final int PIECE = 64 << 10;

  private final EndpointRequest request;
  private final StreamListener listener;
  private final Functions functions;
  private final EventLoop loop;
  private final int window;
  private final ByteBuf body = Unpooled.buffer();
  private byte @Nullable [] answer;
  private int told;
  private int unread;
  private boolean telling;
  private boolean called;
  private boolean over;

  FunctionStream(
      EndpointRequest request,
      StreamListener listener,
      Functions functions,
      EventLoop loop,
      int window) {
    this.request = request;
    this.listener = listener;
    this.functions = functions;
    this.loop = loop;
    this.window = window;
  }

  @Override
  public boolean writable() {
    return !over && !called;
  }

  @Override
  public boolean gathers() {
    return true;
  }

  @Override
  public void write(ByteBuf data) {
    if (!over && !called) {
      if (body.readableBytes() + data.readableBytes() > REQUEST_LIMIT) {
        String text = "Expected a request of at most " + REQUEST_LIMIT + " bytes for a function";
        later(() -> fail(text + ", but the journal is longer"));
      } else {
        body.writeBytes(data);
      }
    }
    data.release();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // Both of its ends come to answered().
  public void end() {
    if (over || called) {
      return;
    }
    called = true;
    byte[] bytes = new byte[body.readableBytes()];
    body.readBytes(bytes);
    functions
        .call(request, Bytes.of(bytes))
        .whenComplete((answered, problem) -> later(() -> answered(answered, problem)));
  }

  private void answered(Functions.@Nullable Answer answered, @Nullable Throwable problem) {
    if (over) {
      return;
    }
    if (answered == null) {
      Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
      fail(cause == null ? "no answer" : String.valueOf(cause.getMessage()));
      return;
    }
    answer = answered.body().toArray();
    listener.head(answered.head());
    tell();
  }

  private void tell() {
    byte[] all = answer;
    if (all == null || telling) {
      return;
    }
    telling = true;
    while (!over && told < all.length && unread < window) {
      int count = Math.min(PIECE, all.length - told);
      ByteBuf piece = Unpooled.wrappedBuffer(all, told, count);
      told += count;
      unread += count;
      listener.data(piece);
    }
    telling = false;
    if (!over) {
      listener.readComplete();
    }
    if (!over && told == all.length) {
      over = true;
      listener.ended();
    }
  }

  @Override
  public void reset() {
    // The function runs on: nobody can stop it. Nobody hears what it says.
    over = true;
    answer = null;
  }

  @Override
  public void consumed(int bytes) {
    unread -= bytes;
    if (!over && !telling && answer != null && unread < window) {
      later(this::tell);
    }
  }

  private void later(Runnable task) {
    loop.execute(task);
  }

  private void fail(String message) {
    if (!over) {
      over = true;
      listener.failed(new StreamFailure(Kind.BROKEN, message, false));
    }
  }
}
