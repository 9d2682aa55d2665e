package dev.reprise.bench.endpoint;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a connection, with what its response could not send yet. Its state is the
 * connection's to change. The event loop's thread.
 */
final class Http2Stream implements Exchange.Reply {
  final int id;
  final Head head;
  private final Consumer<Http2Stream> sender;
  private @Nullable Exchange exchange;

  /** What is to be sent now: the caller's buffer during {@link #body}, else {@link #kept}. */
  private ByteBuf unsent = Unpooled.EMPTY_BUFFER;

  private @Nullable ByteBuf kept;

  int sendWindow;
  int receivedBytes;
  boolean headSent;
  boolean requestEnded;
  boolean responseEnded;

  /** Nothing follows what is unsent. */
  boolean last;

  /** It is in the connection's list of blocked streams. */
  boolean waiting;

  boolean gone;

  Http2Stream(int id, Head head, int sendWindow, Consumer<Http2Stream> sender) {
    this.id = id;
    this.head = head;
    this.sendWindow = sendWindow;
    this.sender = sender;
  }

  void open(Routes.Opener opener) {
    exchange = opener.open(this);
  }

  Exchange exchange() {
    if (exchange == null) {
      throw new IllegalStateException("Expected stream " + id + " to be open, but it is not");
    }
    return exchange;
  }

  @Override
  public void body(ByteBuf body, boolean isLast) {
    if (gone || (!body.isReadable() && !isLast)) {
      return;
    }
    last |= isLast;
    if (kept != null && kept.isReadable()) {
      kept.writeBytes(body);
      return; // It is blocked: the connection sends it when the peer lets it.
    }
    unsent = body;
    sender.accept(this);
    if (!gone && body.isReadable()) {
      kept = Unpooled.buffer(body.readableBytes()).writeBytes(body);
    }
    unsent = kept == null ? Unpooled.EMPTY_BUFFER : kept;
  }

  int unsentBytes() {
    return unsent.readableBytes();
  }

  void takeUnsent(ByteBuf out, int bytes) {
    out.writeBytes(unsent, bytes);
  }

  void release() {
    unsent = Unpooled.EMPTY_BUFFER;
    kept = null;
  }
}
