package dev.reprise.server.http;

import dev.reprise.storage.model.Bytes;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One HTTP/2 connection of a test, with prior knowledge. */
public final class H2Client implements AutoCloseable {
  private final Channel connection;
  private final List<Channel> streams = new ArrayList<>();
  private final CompletableFuture<Integer> goodbye = new CompletableFuture<>();

  public H2Client(EventLoopGroup loops, InetSocketAddress address) throws Exception {
    connection =
        new Bootstrap()
            .group(loops)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forClient()
                                .initialSettings(
                                    Http2Settings.defaultSettings().initialWindowSize(1 << 20))
                                .build(),
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                            new Goodbye(goodbye));
                  }
                })
            .connect(InetAddress.getLoopbackAddress(), address.getPort())
            .sync()
            .channel();
  }

  /** Sends a request; header names and values in turn. */
  public CompletableFuture<RawClient.Reply> request(
      String method, String path, byte[] body, String... headers) throws Exception {
    CompletableFuture<RawClient.Reply> reply = new CompletableFuture<>();
    Channel stream = open(reply);
    Http2Headers head =
        new DefaultHttp2Headers().method(method).path(path).scheme("http").authority("test");
    for (int i = 0; i < headers.length; i += 2) {
      head.add(headers[i], headers[i + 1]);
    }
    var unused = stream.write(new DefaultHttp2HeadersFrame(head, body.length == 0));
    if (body.length > 0) {
      unused = stream.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true));
    }
    stream.flush();
    return reply.orTimeout(20, TimeUnit.SECONDS);
  }

  /** Sends a request and then takes it back. */
  public void requestAndReset(String method, String path) throws Exception {
    Channel stream = open(new CompletableFuture<>());
    Http2Headers head =
        new DefaultHttp2Headers().method(method).path(path).scheme("http").authority("test");
    stream.writeAndFlush(new DefaultHttp2HeadersFrame(head, true)).sync();
    stream.close().sync();
  }

  /** Begins a request whose body does not end. */
  public CompletableFuture<RawClient.Reply> begin(
      String method, String path, byte[] body, String... headers) throws Exception {
    CompletableFuture<RawClient.Reply> reply = new CompletableFuture<>();
    Channel stream = open(reply);
    Http2Headers head =
        new DefaultHttp2Headers().method(method).path(path).scheme("http").authority("test");
    for (int i = 0; i < headers.length; i += 2) {
      head.add(headers[i], headers[i + 1]);
    }
    var unused = stream.write(new DefaultHttp2HeadersFrame(head, false));
    unused = stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), false));
    return reply.orTimeout(20, TimeUnit.SECONDS);
  }

  /** Takes every request back that has no answer yet. */
  public void resetAll() throws Exception {
    for (Channel stream : streams) {
      stream.close().sync();
    }
  }

  /** Completes when the server has closed the connection. */
  public CompletableFuture<Void> closed() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    connection.closeFuture().addListener(done -> closed.complete(null));
    return closed;
  }

  /** Completes when the server has said goodbye, with the last stream that it will answer. */
  public CompletableFuture<Integer> goodbye() {
    return goodbye;
  }

  @Override
  public void close() {
    connection.close().awaitUninterruptibly(10, TimeUnit.SECONDS);
  }

  private Channel open(CompletableFuture<RawClient.Reply> reply) throws Exception {
    Channel stream =
        new Http2StreamChannelBootstrap(connection)
            .handler(new Collector(reply))
            .open()
            .get(10, TimeUnit.SECONDS);
    streams.add(stream);
    return stream;
  }

  /** Takes note of the server's goodbye. */
  private static final class Goodbye extends SimpleChannelInboundHandler<Http2GoAwayFrame> {
    private final CompletableFuture<Integer> told;

    Goodbye(CompletableFuture<Integer> told) {
      this.told = told;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2GoAwayFrame frame) {
      told.complete(frame.lastStreamId());
    }
  }

  /** Puts a response together. */
  private static final class Collector extends SimpleChannelInboundHandler<Http2StreamFrame> {
    private final CompletableFuture<RawClient.Reply> reply;
    private final Map<String, String> headers = new TreeMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private String status = "";

    Collector(CompletableFuture<RawClient.Reply> reply) {
      this.reply = reply;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, Http2StreamFrame frame)
        throws IOException {
      boolean last = false;
      if (frame instanceof Http2HeadersFrame head) {
        status = "HTTP/2 " + head.headers().status();
        head.headers().forEach(field -> headers.put(field.getKey() + "", field.getValue() + ""));
        last = head.isEndStream();
      } else if (frame instanceof Http2DataFrame data) {
        body.write(ByteBufUtil.getBytes(data.content()));
        last = data.isEndStream();
      }
      if (last) {
        reply.complete(new RawClient.Reply(status, headers, Bytes.of(body.toByteArray())));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      reply.completeExceptionally(new IOException("Expected a response, but the stream ended"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      reply.completeExceptionally(cause);
    }
  }

  /** The UTF-8 of a text. */
  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
