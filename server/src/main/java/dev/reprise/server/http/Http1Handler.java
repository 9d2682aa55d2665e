package dev.reprise.server.http;

import dev.reprise.server.http.HttpHandler.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1 connection. Requests are answered one at a time and in order; what arrives meanwhile
 * waits, and reading stops with the first object that has to. Confined to its event loop.
 */
// A write that fails closes its channel, which is noticed there.
@SuppressWarnings("FutureReturnValueIgnored")
final class Http1Handler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Http1Handler.class);
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final long LINGER_SECONDS = 5;

  private final HttpHandler handler;
  private final HttpLimits limits;
  private final Common common;
  private final Patience patience;
  private final ArrayDeque<Object> behind = new ArrayDeque<>();

  private @Nullable BodyCollector body;
  private @Nullable HttpRequest head;
  private @Nullable Exchange current;
  private boolean inLoopOfReads;
  private boolean catchingUp;

  /** A refused request's remainder is read and forgotten, so that the client sees the answer. */
  private boolean lingering;

  private boolean closing;

  Http1Handler(HttpHandler handler, HttpLimits limits, Common common, Patience patience) {
    this.handler = handler;
    this.limits = limits;
    this.common = common;
    this.patience = patience;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    patience.tell(
        () -> {
          if (lingering) {
            ctx.close();
          } else {
            refuse(ctx, Refusal.SLOW);
          }
        });
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    inLoopOfReads = true;
    if (busy(ctx) || !behind.isEmpty()) {
      behind.add(message);
      ctx.channel().config().setAutoRead(false);
    } else {
      take(ctx, message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    inLoopOfReads = false;
    ctx.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Exchange left = current;
    current = null;
    if (left != null) {
      left.gone();
    }
    if (body != null) {
      body.clear();
    }
    behind.forEach(ReferenceCountUtil::release);
    behind.clear();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    catchUp(ctx);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == HttpServer.DRAIN) {
      closing = true;
      if (current == null && head == null) {
        ctx.close();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("connection {} failed", ctx.channel(), cause);
    ctx.close();
  }

  /** Whether the next request has to wait: for an answer, or for a client that does not read. */
  private boolean busy(ChannelHandlerContext ctx) {
    return current != null || !ctx.channel().isWritable();
  }

  private void take(ChannelHandlerContext ctx, Object message) {
    if (lingering) {
      ReferenceCountUtil.release(message);
      if (message instanceof LastHttpContent) {
        closeWhenWritten(ctx);
      }
      return;
    }
    DecoderResult result = ((HttpObject) message).decoderResult();
    if (result.isFailure()) {
      ReferenceCountUtil.release(message);
      refuse(ctx, refusal(result.cause()));
      return;
    }
    if (message instanceof HttpRequest request) {
      begin(ctx, request);
    }
    if (message instanceof HttpContent content) {
      piece(ctx, content);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    head = request;
    patience.headRead();
    if (request.headers().size() > limits.headers()) {
      refuse(ctx, Refusal.HEADERS_TOO_LARGE);
    } else if (HttpUtil.getContentLength(request, -1L) > limits.bodyBytes()) {
      refuse(ctx, Refusal.DECLARED_TOO_LARGE);
    } else if (HttpUtil.is100ContinueExpected(request)) {
      ctx.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE));
    }
  }

  private void piece(ChannelHandlerContext ctx, HttpContent content) {
    HttpRequest request = head;
    if (request == null) {
      content.release();
      return;
    }
    BodyCollector collector = body;
    if (collector == null) {
      collector = new BodyCollector(limits, common.held, ctx.alloc());
      body = collector;
    }
    Refusal refusal = collector.add(content.content());
    if (refusal != null) {
      refuse(ctx, refusal);
    } else if (content instanceof LastHttpContent) {
      head = null;
      dispatch(ctx, request, collector);
    }
  }

  private void dispatch(ChannelHandlerContext ctx, HttpRequest request, BodyCollector collector) {
    ByteBuf whole = collector.take();
    Http1Exchange exchange = new Http1Exchange(ctx, request, whole);
    current = exchange;
    patience.requestRead();
    try {
      handler.handle(exchange);
    } catch (RuntimeException e) {
      LOG.error("handling {} {} failed", request.method(), request.uri(), e);
      exchange.respond(handler.refusal(Refusal.BROKEN));
    } finally {
      whole.release();
      collector.clear();
    }
  }

  private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
    HttpRequest request = head;
    head = null;
    if (body != null) {
      body.clear();
    }
    lingering = true;
    boolean http10 = request != null && request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    ctx.writeAndFlush(
        Http1Encoder.encode(ctx.alloc(), handler.refusal(refusal), http10, false, false));
    patience.idle();
    if (refusal == Refusal.MALFORMED || refusal == Refusal.SLOW) {
      // Where one request ends and the next begins is unknown.
      closeWhenWritten(ctx);
    } else {
      ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static Refusal refusal(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Refusal.TARGET_TOO_LONG;
    }
    return cause instanceof TooLongHttpHeaderException
        ? Refusal.HEADERS_TOO_LARGE
        : Refusal.MALFORMED;
  }

  private void answered(ChannelHandlerContext ctx, boolean keepAlive) {
    current = null;
    patience.idle();
    if (!keepAlive) {
      lingering = true;
      closeWhenWritten(ctx);
      return;
    }
    if (!inLoopOfReads) {
      ctx.flush();
    }
    catchUp(ctx);
  }

  private void catchUp(ChannelHandlerContext ctx) {
    if (catchingUp || (behind.isEmpty() && ctx.channel().config().isAutoRead())) {
      return;
    }
    catchingUp = true;
    while (!busy(ctx) && !behind.isEmpty()) {
      take(ctx, behind.remove());
    }
    catchingUp = false;
    if (!busy(ctx) && behind.isEmpty()) {
      ctx.channel().config().setAutoRead(true);
    }
    ctx.flush();
  }

  private static void closeWhenWritten(ChannelHandlerContext ctx) {
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** A request of this connection. */
  private final class Http1Exchange extends Exchange {
    private final ChannelHandlerContext ctx;
    private final boolean http10;
    private final boolean keepAlive;

    Http1Exchange(ChannelHandlerContext ctx, HttpRequest request, ByteBuf body) {
      super(ctx.executor(), request.method().name(), request.uri(), request.headers(), body);
      this.ctx = ctx;
      this.http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
      this.keepAlive = HttpUtil.isKeepAlive(request);
    }

    @Override
    void write(Response response) {
      boolean stays = keepAlive && !closing && !common.isLeaving();
      boolean bodiless = method().equals("HEAD");
      ctx.write(
          Http1Encoder.encode(ctx.alloc(), response, http10, stays, bodiless), ctx.voidPromise());
      ByteBuf rest = Http1Encoder.rest(response);
      if (rest.isReadable() && !bodiless) {
        ctx.write(rest);
      }
      answered(ctx, stays);
    }
  }
}
