package dev.reprise.server.endpoint;

import dev.reprise.server.endpoint.StreamFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that speaks HTTP/1.1: one exchange after the other, requests in chunks. The
 * response may begin before the request ends. Stands behind an HTTP codec; confined to its
 * channel's event loop.
 *
 * <p>Longer than a file should be: pool, exchange and channel each have their half of one state.
 */
// The fate of each write and timer shows on the connection: it closes.
@SuppressWarnings("FutureReturnValueIgnored")
final class Http1Client extends ChannelInboundHandlerAdapter implements EndpointConnection {
  /** Common servers close an idle connection after 5 s: this is before them. */
  private static final long IDLE_MILLIS = 4_000;

  private final EndpointOptions options;
  private final Owner owner;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Exchange exchange;
  private @Nullable Future<?> idleTimer;
  private @Nullable StreamFailure why;

  /** Which exchange of this connection it is: late calls of an earlier one do nothing. */
  private int number;

  private int unread;
  private boolean ready;
  private boolean gone;
  private boolean keepAlive;
  private boolean requestEnded;
  private boolean responseEnded;
  private boolean interim;
  private boolean heard;
  private boolean touched;

  Http1Client(EndpointOptions options, Owner owner) {
    this.options = options;
    this.owner = owner;
  }

  // ---- what the pool asks ----

  @Override
  public int room() {
    return ready && !gone && why == null && exchange == null ? 1 : 0;
  }

  @Override
  public int streams() {
    return exchange == null ? 0 : 1;
  }

  @Override
  public boolean greeted() {
    return ready;
  }

  @Override
  public boolean oneAtATime() {
    return true;
  }

  @Override
  public void open(Exchange opened) {
    if (idleTimer != null) {
      idleTimer.cancel(false);
      idleTimer = null;
    }
    exchange = opened;
    number++;
    unread = 0;
    keepAlive = true;
    responseEnded = false;
    interim = false;
    heard = false;
    EndpointRequest request = opened.request();
    boolean bodiless = request.method().equals(EndpointRequest.GET);
    requestEnded = bodiless;
    context().write(bodiless ? Http1Heads.whole(request) : Http1Heads.first(request));
    owner.written(this);
    opened.openedOn(this, number);
  }

  @Override
  public void flush() {
    if (context != null && !gone) {
      context.flush();
    }
  }

  @Override
  public void close() {
    if (context != null) {
      context.close();
    }
  }

  // ---- what an exchange asks ----

  private boolean isOpen(int stream) {
    return exchange != null && stream == number;
  }

  @Override
  public boolean writable(int stream) {
    return isOpen(stream) && !requestEnded && context().channel().isWritable();
  }

  @Override
  public void write(int stream, ByteBuf data) {
    if (!isOpen(stream) || requestEnded) {
      data.release();
      return;
    }
    context().write(new DefaultHttpContent(data));
    owner.written(this);
  }

  @Override
  public void end(int stream) {
    if (isOpen(stream) && !requestEnded) {
      requestEnded = true;
      context().write(LastHttpContent.EMPTY_LAST_CONTENT);
      owner.written(this);
      freeWhenDone();
    }
  }

  @Override
  public void reset(int stream) {
    if (isOpen(stream)) {
      // There is no other way to stop the one without the other.
      broken(new StreamFailure(Kind.BROKEN, "the exchange was given up", false));
    }
  }

  @Override
  public void consumed(int stream, int bytes) {
    if (isOpen(stream)) {
      unread -= bytes;
      if (unread <= options.streamWindow() / 2) {
        context().channel().config().setAutoRead(true);
      }
    }
  }

  // ---- what the codec tells ----

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    if (ctx.channel().isActive()) {
      becomeReady();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    super.channelActive(ctx);
    becomeReady();
  }

  private void becomeReady() {
    if (!ready) {
      ready = true;
      owner.hasRoom(this);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpObject object && object.decoderResult().isFailure()) {
        Throwable cause = object.decoderResult().cause();
        String text = "the endpoint does not speak HTTP/1.1: " + cause.getMessage();
        broken(new StreamFailure(Kind.BROKEN, text, false));
      } else if (exchange == null) {
        broken(new StreamFailure(Kind.BROKEN, "the endpoint spoke without being asked", false));
      } else {
        read(exchange, message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(Exchange current, Object message) {
    heard = true;
    touched = true;
    if (message instanceof HttpResponse response) {
      head(current, response);
    }
    if (message instanceof HttpContent content && !interim) {
      int count = content.content().readableBytes();
      if (count > 0 && current.listening()) {
        unread += count;
        if (unread > options.streamWindow()) {
          context().channel().config().setAutoRead(false);
        }
        current.listener().data(content.content());
      }
      if (content instanceof LastHttpContent) {
        ended(current);
      }
    }
  }

  private void head(Exchange current, HttpResponse response) {
    int status = response.status().code();
    // 1xx is not the response yet.
    interim = status / 100 == 1;
    if (interim) {
      return;
    }
    keepAlive = HttpUtil.isKeepAlive(response);
    if (current.listening()) {
      current.listener().head(Http1Heads.read(response));
    }
  }

  private void ended(Exchange current) {
    responseEnded = true;
    if (current.listening()) {
      current.silence();
      current.listener().ended();
    }
    freeWhenDone();
  }

  private void freeWhenDone() {
    Exchange done = exchange;
    if (done == null || !requestEnded || !responseEnded) {
      return;
    }
    done.detach();
    exchange = null;
    context().channel().config().setAutoRead(true);
    if (!keepAlive) {
      why = new StreamFailure(Kind.BROKEN, "the endpoint closes each connection", false);
      // Not here: this may be told in the middle of a write.
      context().executor().execute(this::close);
      return;
    }
    idleTimer = context().executor().schedule(this::closeIdle, IDLE_MILLIS, TimeUnit.MILLISECONDS);
    owner.hasRoom(this);
  }

  private void closeIdle() {
    if (exchange == null) {
      close();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    Exchange current = exchange;
    if (touched && current != null && current.listening()) {
      current.listener().readComplete();
    }
    touched = false;
    super.channelReadComplete(ctx);
    owner.readComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Exchange current = exchange;
    if (current != null && current.listening() && writable(number)) {
      current.listener().writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    gone = true;
    StreamFailure reason =
        why != null ? why : new StreamFailure(Kind.BROKEN, "the connection was closed", false);
    // A server that closed an idle connection while we wrote to it has not looked at the request.
    boolean untouched = number > 1 && !heard;
    failExchange(new StreamFailure(reason.kind(), reason.message(), untouched));
    owner.closed(this, reason);
    owner.readComplete();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken(new StreamFailure(Kind.BROKEN, "the connection broke: " + cause.getMessage(), false));
  }

  private void broken(StreamFailure reason) {
    if (why == null) {
      why = reason;
    }
    failExchange(reason);
    ChannelHandlerContext ctx = context();
    ctx.executor().execute(() -> ctx.close());
  }

  private void failExchange(StreamFailure reason) {
    Exchange current = exchange;
    if (current != null) {
      exchange = null;
      current.detach();
      current.fail(reason);
    }
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("Expected a connection that was begun");
    }
    return context;
  }
}
