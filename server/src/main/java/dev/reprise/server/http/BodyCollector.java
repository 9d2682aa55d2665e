package dev.reprise.server.http;

import dev.reprise.server.http.HttpHandler.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request as it arrives. A body that comes in one piece is not copied; one in many
 * pieces is copied together, so that what it holds is what it sent, however small its pieces are.
 * Confined to the connection's event loop, but for the shared count of held bytes.
 */
final class BodyCollector {
  private final HttpLimits limits;
  private final AtomicLong held;
  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf body;
  private boolean ours;
  private int counted;

  BodyCollector(HttpLimits limits, AtomicLong held, ByteBufAllocator allocator) {
    this.limits = limits;
    this.held = held;
    this.allocator = allocator;
  }

  /** Takes the piece over. Says why not, when it does not fit; then it is released. */
  @Nullable Refusal add(ByteBuf piece) {
    int more = piece.readableBytes();
    if (more == 0) {
      piece.release();
      return null;
    }
    ByteBuf before = body;
    if (before == null) {
      Refusal refusal = admit(more, 0);
      if (refusal != null) {
        piece.release();
        return refusal;
      }
      body = piece;
      return null;
    }
    Refusal refusal = admit(more, before.readableBytes());
    try {
      if (refusal != null) {
        return refusal;
      }
      if (!ours) {
        ByteBuf own = allocator.heapBuffer((before.readableBytes() + more) * 2);
        own.writeBytes(before);
        before.release();
        body = own;
        ours = true;
        before = own;
      }
      before.writeBytes(piece);
      return null;
    } finally {
      piece.release();
    }
  }

  /** The whole body; the caller releases it and then calls {@link #clear}. */
  ByteBuf take() {
    ByteBuf whole = body;
    body = null;
    return whole == null ? Unpooled.EMPTY_BUFFER : whole;
  }

  /** Forgets what was collected. */
  void clear() {
    if (body != null) {
      body.release();
      body = null;
    }
    ours = false;
    held.addAndGet(-counted);
    counted = 0;
  }

  private @Nullable Refusal admit(int more, int already) {
    if (more > limits.bodyBytes() - already) {
      return Refusal.STREAMED_TOO_LARGE;
    }
    if (held.addAndGet(more) > limits.heldBytes()) {
      held.addAndGet(-more);
      return Refusal.BUSY;
    }
    counted += more;
    return null;
  }
}
