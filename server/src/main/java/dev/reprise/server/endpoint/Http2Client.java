package dev.reprise.server.endpoint;

import dev.reprise.server.endpoint.StreamFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that speaks HTTP/2 with prior knowledge or after TLS. It works on frames
 * directly: giving each stream a channel of its own costs more than the rest of an exchange.
 * Confined to its channel's event loop.
 *
 * <p>Longer than a file should be: pool, exchange and channel each have their half of one state.
 */
// The fate of each write and timer shows on the connection: it closes.
@SuppressWarnings("FutureReturnValueIgnored")
final class Http2Client extends Http2ConnectionHandler implements EndpointConnection {
  private static final AsciiString HTTP = AsciiString.cached("http");
  private static final AsciiString HTTPS = AsciiString.cached("https");

  private final EndpointOptions options;
  private final Owner owner;
  private final Http2Events events;
  private final List<Exchange> touched = new ArrayList<>();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> handshakeTimer;
  private @Nullable StreamFailure why;
  private boolean ready;
  private boolean retired;
  private boolean gone;

  Http2Client(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      EndpointOptions options,
      Owner owner,
      Http2Events events) {
    super(decoder, encoder, settings);
    this.options = options;
    this.owner = owner;
    this.events = events;
    gracefulShutdownTimeoutMillis(0);
    encoder.flowController().listener(events::writabilityChanged);
  }

  // ---- what the pool asks ----

  @Override
  public int room() {
    if (!ready || retired || gone) {
      return 0;
    }
    var local = connection().local();
    return Math.min(options.streamsPerConnection(), local.maxActiveStreams())
        - local.numActiveStreams();
  }

  @Override
  public int streams() {
    return connection().local().numActiveStreams();
  }

  @Override
  public boolean greeted() {
    return ready;
  }

  @Override
  public boolean oneAtATime() {
    return false;
  }

  @Override
  public void open(Exchange exchange) {
    int id = connection().local().incrementAndGetNextStreamId();
    if (id <= 0) {
      retire();
      exchange.fail(new StreamFailure(Kind.BROKEN, "the connection is out of stream ids", true));
      return;
    }
    EndpointRequest request = exchange.request();
    var headers = headers(request);
    ChannelHandlerContext ctx = context();
    encoder().writeHeaders(ctx, id, headers, 0, false, ctx.newPromise());
    Http2Stream stream = connection().stream(id);
    if (stream == null) {
      exchange.fail(new StreamFailure(Kind.BROKEN, "the connection takes no more streams", true));
      return;
    }
    events.bind(stream, exchange);
    owner.written(this);
    exchange.openedOn(this, id);
  }

  private static ReadOnlyHttp2Headers headers(EndpointRequest request) {
    if (!(request.address() instanceof EndpointAddress.Network network)) {
      throw new IllegalArgumentException("Expected an address on the network");
    }
    return ReadOnlyHttp2Headers.clientHeaders(
        false,
        request.method(),
        request.path(),
        network.tls() ? HTTPS : HTTP,
        AsciiString.of(network.authority()),
        request.headers());
  }

  @Override
  public void flush() {
    if (context != null && !gone) {
      flush(context);
    }
  }

  @Override
  public void close() {
    if (context != null) {
      context.close();
    }
  }

  // ---- what an exchange asks ----

  @Override
  public boolean writable(int id) {
    Http2Stream stream = connection().stream(id);
    return stream != null && encoder().flowController().isWritable(stream);
  }

  @Override
  public void write(int id, ByteBuf data) {
    write(id, data, false);
  }

  private void write(int id, ByteBuf data, boolean end) {
    ChannelHandlerContext ctx = context();
    encoder().writeData(ctx, id, data, 0, end, ctx.newPromise());
    owner.written(this);
  }

  @Override
  public void end(int id) {
    if (connection().stream(id) != null) {
      write(id, Unpooled.EMPTY_BUFFER, true);
    }
  }

  @Override
  public void reset(int id) {
    if (connection().stream(id) != null) {
      ChannelHandlerContext ctx = context();
      resetStream(ctx, id, Http2Error.CANCEL.code(), ctx.newPromise());
      owner.written(this);
    }
  }

  @Override
  public void consumed(int id, int bytes) {
    Http2Stream stream = connection().stream(id);
    if (stream == null) {
      return;
    }
    try {
      if (decoder().flowController().consumeBytes(stream, bytes)) {
        owner.written(this);
      }
    } catch (Http2Exception e) {
      onError(context(), true, e);
    }
  }

  // ---- what the events tell ----

  void greetingRead() {
    if (!ready) {
      ready = true;
      stopHandshakeTimer();
      keepAlive();
    }
    owner.hasRoom(this);
  }

  void touched(Exchange exchange) {
    if (exchange.touch()) {
      touched.add(exchange);
    }
  }

  /** Takes no more exchanges; closes with its last one. */
  void retire() {
    retired = true;
    closeWhenIdle();
  }

  void streamClosed() {
    if (retired) {
      closeWhenIdle();
    } else if (ready) {
      owner.hasRoom(this);
    }
  }

  /** The reason that exchanges on this connection are given when it closes under them. */
  StreamFailure why() {
    return why != null ? why : new StreamFailure(Kind.BROKEN, "the connection was closed", false);
  }

  private void closeWhenIdle() {
    if (connection().numActiveStreams() == 0 && context != null) {
      ChannelHandlerContext ctx = context;
      ctx.executor().execute(() -> ctx.close());
    }
  }

  // ---- life of the connection ----

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    handshakeTimer =
        ctx.executor()
            .schedule(this::notGreeted, options.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    super.handlerAdded(ctx);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    stopHandshakeTimer();
    super.handlerRemoved0(ctx);
  }

  private void stopHandshakeTimer() {
    if (handshakeTimer != null) {
      handshakeTimer.cancel(false);
      handshakeTimer = null;
    }
  }

  private void notGreeted() {
    if (!ready) {
      String text = "no HTTP/2 greeting within " + options.connectTimeout().toMillis() + " ms";
      why = new StreamFailure(Kind.CONNECT, text, true);
      close();
    }
  }

  private void keepAlive() {
    new KeepAlive(context(), this, options, events).begin();
  }

  /** The peer does not answer. */
  void dead() {
    why = new StreamFailure(Kind.BROKEN, "the endpoint does not answer pings", false);
    close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    // Not for-each: dealing with one exchange may touch or end another.
    for (int i = 0; i < touched.size(); i++) {
      Exchange exchange = touched.get(i);
      exchange.untouch();
      if (exchange.listening()) {
        exchange.listener().readComplete();
      }
    }
    touched.clear();
    super.channelReadComplete(ctx);
    owner.readComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    gone = true;
    super.channelInactive(ctx);
    stopHandshakeTimer();
    boolean early = !ready && why == null;
    owner.closed(
        this,
        early
            ? new StreamFailure(Kind.CONNECT, "the connection was closed before it began", true)
            : why());
    owner.readComplete();
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception error) {
    if (why == null) {
      Throwable reason = error != null ? error : cause;
      why =
          ready
              ? new StreamFailure(Kind.BROKEN, "HTTP/2 error: " + reason.getMessage(), false)
              : new StreamFailure(
                  Kind.NOT_HTTP2, "the address does not speak HTTP/2: " + firstLine(reason), true);
    }
    super.onConnectionError(ctx, outbound, cause, error);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (cause instanceof IOException) {
      if (why == null) {
        String text = "the connection broke: " + cause.getMessage();
        why = new StreamFailure(ready ? Kind.BROKEN : Kind.CONNECT, text, !ready);
      }
      ctx.close();
      return;
    }
    super.exceptionCaught(ctx, cause);
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("Expected a connection that was begun");
    }
    return context;
  }

  private static String firstLine(Throwable reason) {
    String text = String.valueOf(reason.getMessage());
    int end = text.indexOf('.');
    return end > 0 ? text.substring(0, end) : text;
  }
}
