package dev.reprise.server.endpoint;

import dev.reprise.server.endpoint.StreamFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Turns frames into what the listeners of exchanges hear. Confined to the connection's loop. */
final class Http2Events extends Http2EventAdapter {
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString RETRY_AFTER = AsciiString.cached("retry-after");
  private static final AsciiString SERVER = AsciiString.cached("x-restate-server");

  private final Http2Connection connection;
  private final Http2Connection.PropertyKey exchangeKey;
  private @Nullable Http2Client client;
  private long lastPingAnswered;

  Http2Events(Http2Connection connection) {
    this.connection = connection;
    this.exchangeKey = connection.newKey();
    connection.addListener(this);
  }

  void client(Http2Client of) {
    client = of;
  }

  void bind(Http2Stream stream, Exchange exchange) {
    stream.setProperty(exchangeKey, exchange);
  }

  long lastPingAnswered() {
    return lastPingAnswered;
  }

  void writabilityChanged(Http2Stream stream) {
    Exchange exchange = stream.getProperty(exchangeKey);
    if (exchange != null && exchange.listening() && exchange.writable()) {
      exchange.listener().writable();
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
    client().greetingRead();
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long data) {
    lastPingAnswered = data;
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean endStream) {
    onHeadersRead(ctx, streamId, headers, padding, endStream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endStream) {
    Exchange exchange = listening(streamId);
    if (exchange == null) {
      return;
    }
    client().touched(exchange);
    CharSequence status = headers.status();
    // Without a status these are trailers, of which we use nothing; 1xx is not the response yet.
    if (status != null && status.charAt(0) != '1') {
      exchange.listener().head(head(status, headers));
    }
    if (endStream) {
      end(exchange);
    }
  }

  private static ResponseHead head(CharSequence status, Http2Headers headers) {
    return new ResponseHead(
        AsciiString.of(status).parseInt(),
        text(headers.get(CONTENT_TYPE)),
        text(headers.get(RETRY_AFTER)),
        text(headers.get(SERVER)));
  }

  private static @Nullable String text(@Nullable CharSequence value) {
    return value == null ? null : value.toString();
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
    Exchange exchange = listening(streamId);
    if (exchange == null) {
      return data.readableBytes() + padding;
    }
    client().touched(exchange);
    if (data.isReadable()) {
      exchange.listener().data(data);
    }
    if (endOfStream) {
      end(exchange);
    }
    // The listener says itself when it is done with the data.
    return padding;
  }

  private static void end(Exchange exchange) {
    if (exchange.listening()) {
      exchange.silence();
      exchange.listener().ended();
    }
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    Exchange exchange = listening(streamId);
    if (exchange != null) {
      Http2Error error = Http2Error.valueOf(errorCode);
      String name = error == null ? "error " + errorCode : error.name();
      String text = "the endpoint reset the stream: " + name;
      exchange.fail(new StreamFailure(Kind.BROKEN, text, error == Http2Error.REFUSED_STREAM));
    }
  }

  @Override
  public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
    client().retire();
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    Exchange exchange = stream.removeProperty(exchangeKey);
    if (exchange != null) {
      exchange.detach();
      if (exchange.listening()) {
        exchange.fail(closedUnder(stream));
      }
    }
    client().streamClosed();
  }

  private StreamFailure closedUnder(Http2Stream stream) {
    if (connection.goAwayReceived() && stream.id() > connection.local().lastStreamKnownByPeer()) {
      return new StreamFailure(Kind.BROKEN, "the endpoint is closing the connection", true);
    }
    return client().why();
  }

  private @Nullable Exchange listening(int streamId) {
    Http2Stream stream = connection.stream(streamId);
    Exchange exchange = stream == null ? null : stream.getProperty(exchangeKey);
    return exchange != null && exchange.listening() ? exchange : null;
  }

  private Http2Client client() {
    if (client == null) {
      throw new IllegalStateException("Expected events only after the handler was made");
    }
    return client;
  }
}
