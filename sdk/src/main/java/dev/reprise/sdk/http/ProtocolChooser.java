package dev.reprise.sdk.http;

import dev.reprise.sdk.runtime.Services;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import java.util.List;

/**
 * Looks at the first bytes of a connection: an HTTP/2 client begins with {@code PRI}, any other
 * speaks HTTP/1.1.
 */
final class ProtocolChooser extends ByteToMessageDecoder {
  private static final byte[] HTTP2 = {'P', 'R', 'I', ' '};
  private static final int STREAM_WINDOW = 1024 * 1024;
  private static final int CONNECTION_WINDOW = 8 * 1024 * 1024;
  private static final int MAX_STREAMS = 4096;
  private static final long GRACE_MILLIS = 5_000;

  private final Services services;
  private final RequestIdentity identity;

  ProtocolChooser(Services services, RequestIdentity identity) {
    this.services = services;
    this.identity = identity;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
      throws Http2Exception {
    if (in.readableBytes() < HTTP2.length) {
      return;
    }
    boolean http2 = true;
    for (int i = 0; i < HTTP2.length; i++) {
      http2 &= in.getByte(in.readerIndex() + i) == HTTP2[i];
    }
    if (http2) {
      addHttp2(ctx);
    } else {
      ctx.pipeline()
          .addLast(new HttpServerCodec(), ServingEndpoint.handler(services, identity, false));
    }
    ctx.pipeline().remove(this);
  }

  private void addHttp2(ChannelHandlerContext ctx) throws Http2Exception {
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .initialWindowSize(STREAM_WINDOW)
                    .maxConcurrentStreams(MAX_STREAMS))
            .gracefulShutdownTimeoutMillis(GRACE_MILLIS)
            .build();
    ctx.pipeline().addLast(codec, new Http2MultiplexHandler(streams()));
    var connection = codec.connection();
    // The default of 64 KiB would be shared by all attempts of the connection.
    connection
        .local()
        .flowController()
        .incrementWindowSize(connection.connectionStream(), CONNECTION_WINDOW);
  }

  private ChannelInitializer<Channel> streams() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel stream) {
        stream
            .pipeline()
            .addLast(
                new Http2StreamFrameToHttpObjectCodec(true),
                ServingEndpoint.handler(services, identity, true));
      }
    };
  }
}
