package dev.reprise.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.List;

/**
 * Looks at the first bytes of a connection: HTTP/2's preface, or the start of an HTTP/1 request.
 * Replaces itself by what speaks that.
 */
final class ProtocolDetector extends ByteToMessageDecoder {
  private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf().asReadOnly();
  private static final int STREAM_WINDOW_BYTES = 1 << 20;
  private static final int CONCURRENT_STREAMS = 200;
  private static final long GRACE_MILLIS = 5_000;

  private final HttpHandler handler;
  private final HttpLimits limits;
  private final Common common;
  private final Patience patience;
  private int streams;

  ProtocolDetector(HttpHandler handler, HttpLimits limits, Common common, Patience patience) {
    this.handler = handler;
    this.limits = limits;
    this.common = common;
    this.patience = patience;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int seen = Math.min(in.readableBytes(), PREFACE.readableBytes());
    boolean preface =
        ByteBufUtil.equals(PREFACE, PREFACE.readerIndex(), in, in.readerIndex(), seen);
    if (!preface) {
      http1(ctx.pipeline());
    } else if (seen == PREFACE.readableBytes()) {
      http2(ctx.pipeline());
    } else {
      return;
    }
    ctx.pipeline().remove(this);
  }

  private void http1(ChannelPipeline pipeline) {
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(HttpLimits.HEAD_BYTES)
            .setMaxHeaderSize(HttpLimits.HEAD_BYTES)
            .setMaxChunkSize(64 << 10);
    pipeline.addLast(
        new HttpRequestDecoder(config), new Http1Handler(handler, limits, common, patience));
  }

  private void http2(ChannelPipeline pipeline) {
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .gracefulShutdownTimeoutMillis(GRACE_MILLIS)
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(CONCURRENT_STREAMS)
                    .maxHeaderListSize(HttpLimits.HEAD_BYTES)
                    .initialWindowSize(STREAM_WINDOW_BYTES))
            .build();
    patience.multiplexed();
    pipeline.addLast(codec, new Http2MultiplexHandler(new Streams()));
  }

  /** Puts a handler on each new stream. */
  private final class Streams extends ChannelInitializer<io.netty.channel.Channel> {
    @Override
    protected void initChannel(io.netty.channel.Channel stream) {
      stream.pipeline().addLast(new Http2StreamHandler(handler, limits, common.held));
      streams++;
      patience.requestRead();
      stream.closeFuture().addListener(closed -> ended());
    }

    private void ended() {
      if (--streams == 0) {
        patience.idle();
      }
    }
  }

  /** Puts a detector on each new connection. */
  static final class Connections extends ChannelInitializer<SocketChannel> {
    private final HttpHandler handler;
    private final HttpLimits limits;
    private final Common common;

    Connections(HttpHandler handler, HttpLimits limits, Common common) {
      this.handler = handler;
      this.limits = limits;
      this.common = common;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      Patience patience = new Patience(limits);
      channel.pipeline().addLast(patience, new ProtocolDetector(handler, limits, common, patience));
    }
  }
}
