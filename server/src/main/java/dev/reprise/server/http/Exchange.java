package dev.reprise.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One whole request and the one response to it. Confined to its connection's event loop, but for
 * {@link #respond}.
 */
public abstract class Exchange {
  /** Is told once that an exchange is over, on its loop. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param answered false when the client left before the response
     */
    void ended(boolean answered);
  }

  private final EventExecutor loop;
  private final String method;
  private final String target;
  private final HttpHeaders headers;
  private final ByteBuf body;

  private @Nullable Listener listener;
  private boolean over;

  Exchange(EventExecutor loop, String method, String target, HttpHeaders headers, ByteBuf body) {
    this.loop = loop;
    this.method = method;
    this.target = target;
    this.headers = headers;
    this.body = body;
  }

  public final String method() {
    return method;
  }

  /** Path and query as received. */
  public final String target() {
    return target;
  }

  public final HttpHeaders headers() {
    return headers;
  }

  /** The body; only until {@link HttpHandler#handle} returns, or what {@link Deferrals} put off. */
  public final ByteBuf body() {
    return body;
  }

  /** A copy of the body. */
  public final byte[] bodyBytes() {
    byte[] bytes = new byte[body.readableBytes()];
    body.getBytes(body.readerIndex(), bytes);
    return bytes;
  }

  /** Names who is told that this is over; at once when it is already. One listener at most. */
  public final void listen(Listener toldOnce) {
    if (over) {
      toldOnce.ended(true);
    } else {
      listener = toldOnce;
    }
  }

  /** Answers. Any thread, once; nothing happens when the client has left. */
  public final void respond(Response response) {
    if (loop.inEventLoop()) {
      finish(response);
      return;
    }
    try {
      loop.execute(() -> finish(response));
    } catch (RejectedExecutionException e) {
      // The server is closed, and with it the connection.
    }
  }

  final EventExecutor loop() {
    return loop;
  }

  /** Whether it was answered, or the client has left. */
  final boolean isOver() {
    return over;
  }

  /** The client left. */
  final void gone() {
    end(false);
  }

  abstract void write(Response response);

  private void finish(Response response) {
    if (end(true)) {
      write(response);
    }
  }

  private boolean end(boolean answered) {
    if (over) {
      return false;
    }
    over = true;
    Listener told = listener;
    listener = null;
    if (told != null) {
      told.ended(answered);
    }
    return true;
  }
}
