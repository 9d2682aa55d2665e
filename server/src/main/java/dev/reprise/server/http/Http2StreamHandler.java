package dev.reprise.server.http;

import dev.reprise.server.http.HttpHandler.Refusal;
import dev.reprise.storage.model.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP/2 stream: one exchange. Confined to the event loop of its connection. */
// A write that fails closes its channel, which is noticed there.
@SuppressWarnings("FutureReturnValueIgnored")
final class Http2StreamHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Http2StreamHandler.class);
  private static final AsciiString DATE = AsciiString.cached("date");
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");

  private final HttpHandler handler;
  private final HttpLimits limits;
  private final AtomicLong held;

  private @Nullable Http2Headers head;
  private @Nullable BodyCollector body;
  private @Nullable Exchange exchange;
  private @Nullable ScheduledFuture<?> alarm;
  private long heardNanos;
  private boolean refused;

  Http2StreamHandler(HttpHandler handler, HttpLimits limits, AtomicLong held) {
    this.handler = handler;
    this.limits = limits;
    this.held = held;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (refused || exchange != null) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof Http2HeadersFrame frame) {
      headers(ctx, frame);
    } else if (message instanceof Http2DataFrame frame) {
      data(ctx, frame);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    disarm();
    if (exchange != null) {
      exchange.gone();
    }
    if (body != null) {
      body.clear();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("stream {} failed", ctx.channel(), cause);
    ctx.close();
  }

  private void headers(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
    if (head == null) {
      Http2Headers headers = frame.headers();
      head = headers;
      Refusal refusal = refusal(headers);
      if (refusal != null) {
        refuse(ctx, refusal);
        return;
      }
    }
    // A second block of headers is trailers, which nobody reads.
    if (frame.isEndStream()) {
      dispatch(ctx);
    } else if (alarm == null) {
      heardNanos = System.nanoTime();
      arm(ctx, limits.patienceNanos());
    }
  }

  private void arm(ChannelHandlerContext ctx, long nanos) {
    alarm = ctx.executor().schedule(() -> look(ctx), nanos, TimeUnit.NANOSECONDS);
  }

  private void disarm() {
    if (alarm != null) {
      alarm.cancel(false);
    }
  }

  /** A body has to go on. */
  private void look(ChannelHandlerContext ctx) {
    if (exchange != null || refused) {
      return;
    }
    long left = limits.patienceNanos() - (System.nanoTime() - heardNanos);
    if (left > 0) {
      arm(ctx, left);
    } else {
      refuse(ctx, Refusal.SLOW);
    }
  }

  private @Nullable Refusal refusal(Http2Headers headers) {
    if (headers.method() == null || headers.path() == null) {
      return Refusal.MALFORMED;
    }
    if (headers.size() > limits.headers()) {
      return Refusal.HEADERS_TOO_LARGE;
    }
    long length = headers.getLong(CONTENT_LENGTH, -1);
    return length > limits.bodyBytes() ? Refusal.DECLARED_TOO_LARGE : null;
  }

  private void data(ChannelHandlerContext ctx, Http2DataFrame frame) {
    BodyCollector collector = body;
    if (collector == null) {
      collector = new BodyCollector(limits, held, ctx.alloc());
      body = collector;
    }
    boolean last = frame.isEndStream();
    heardNanos = System.nanoTime();
    Refusal refusal = collector.add(frame.content());
    if (refusal != null) {
      refuse(ctx, refusal);
    } else if (last) {
      dispatch(ctx);
    }
  }

  private void dispatch(ChannelHandlerContext ctx) {
    Http2Headers headers = head;
    if (headers == null) {
      refuse(ctx, Refusal.MALFORMED);
      return;
    }
    ByteBuf whole = body == null ? Unpooled.EMPTY_BUFFER : body.take();
    Http2Exchange made = new Http2Exchange(ctx, headers, whole);
    exchange = made;
    disarm();
    try {
      handler.handle(made);
    } catch (RuntimeException e) {
      LOG.error("handling {} {} failed", made.method(), made.target(), e);
      made.respond(handler.refusal(Refusal.BROKEN));
    } finally {
      whole.release();
      if (body != null) {
        body.clear();
      }
    }
  }

  private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
    refused = true;
    disarm();
    if (body != null) {
      body.clear();
    }
    write(ctx, handler.refusal(refusal), false)
        .addListener(
            written ->
                // The answer is whole; what the client still sends is of no use.
                ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR))
                    .addListener(ChannelFutureListener.CLOSE));
  }

  private static ChannelFuture write(
      ChannelHandlerContext ctx, Response response, boolean bodiless) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    headers.status(AsciiString.of(Integer.toString(response.status())));
    for (int i = 0; i < response.fields(); i++) {
      headers.add(response.name(i), response.value(i));
    }
    headers.add(DATE, HttpDate.now());
    Bytes body = response.writtenBody();
    if (response.hasLength()) {
      headers.addInt(CONTENT_LENGTH, body.length());
    }
    boolean empty = bodiless || body.isEmpty();
    ChannelFuture last = ctx.write(new DefaultHttp2HeadersFrame(headers, empty));
    if (!empty) {
      ByteBuf bytes = Unpooled.wrappedBuffer(body.array(), body.offset(), body.length());
      last = ctx.write(new DefaultHttp2DataFrame(bytes, true));
    }
    ctx.flush();
    return last;
  }

  private static HttpHeaders fields(Http2Headers from) {
    HttpHeaders fields =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    for (Map.Entry<CharSequence, CharSequence> field : from) {
      CharSequence name = field.getKey();
      if (!name.isEmpty() && name.charAt(0) != ':') {
        fields.add(name, field.getValue().toString());
      }
    }
    CharSequence authority = from.authority();
    if (authority != null && !fields.contains("host")) {
      fields.add("host", authority.toString());
    }
    return fields;
  }

  private static String text(@Nullable CharSequence text) {
    return text == null ? "" : text.toString();
  }

  /** The request of this stream. */
  private static final class Http2Exchange extends Exchange {
    private final ChannelHandlerContext ctx;

    Http2Exchange(ChannelHandlerContext ctx, Http2Headers headers, ByteBuf body) {
      super(
          ctx.channel().eventLoop(),
          text(headers.method()),
          text(headers.path()),
          fields(headers),
          body);
      this.ctx = ctx;
    }

    @Override
    void write(Response response) {
      Http2StreamHandler.write(ctx, response, method().equals("HEAD"));
    }
  }
}
