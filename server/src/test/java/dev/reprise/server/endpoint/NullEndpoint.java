package dev.reprise.server.endpoint;

import dev.reprise.server.net.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers each attempt's first bytes with the same output and end, as cheaply as can be. */
@SuppressWarnings("FutureReturnValueIgnored") // The connection closes with the measurement.
public final class NullEndpoint implements AutoCloseable {
  /** Output of the four bytes {@code "hi"} and End, from the captures of the protocol. */
  private static final byte[] ANSWER =
      HexFormat.of().parseHex("0401000000000008" + "72060a0422686922" + "0003000000000000");

  private static final Http2Headers HEAD =
      ReadOnlyHttp2Headers.serverHeaders(
          false,
          AsciiString.cached("200"),
          AsciiString.cached("content-type"),
          AsciiString.cached("application/vnd.restate.invocation.v6"));

  private final EventLoops loops = EventLoops.open(1);
  private final Channel server;

  public NullEndpoint() {
    server =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new Builder().build());
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  public String uri() {
    return "http://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort() + "/";
  }

  @Override
  public void close() {
    server.close();
    loops.close();
  }

  private static final class Handler extends Http2ConnectionHandler {
    Handler(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      super(decoder, encoder, settings);
    }
  }

  private static final class Answers extends Http2FrameAdapter {
    private @Nullable Http2ConnectionEncoder encoder;

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int stream, ByteBuf data, int padding, boolean end) {
      Http2ConnectionEncoder encoder = Objects.requireNonNull(this.encoder);
      if (end) {
        encoder.writeData(ctx, stream, Unpooled.EMPTY_BUFFER, 0, true, ctx.newPromise());
      } else {
        encoder.writeHeaders(ctx, stream, HEAD, 0, false, ctx.newPromise());
        ByteBuf answer = Unpooled.wrappedBuffer(ANSWER);
        encoder.writeData(ctx, stream, answer, 0, false, ctx.newPromise());
      }
      return data.readableBytes() + padding;
    }
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Handler, Builder> {
    private final Answers answers = new Answers();

    Builder() {
      server(true);
      initialSettings(new Http2Settings().maxConcurrentStreams(1_000));
      frameListener(answers);
    }

    @Override
    protected Handler build() {
      return super.build();
    }

    @Override
    protected Handler build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      answers.encoder = encoder;
      return new Handler(decoder, encoder, settings);
    }
  }
}
