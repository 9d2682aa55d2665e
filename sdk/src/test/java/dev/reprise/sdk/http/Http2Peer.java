package dev.reprise.sdk.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a server is to an endpoint: one HTTP/2 connection with prior knowledge. */
final class Http2Peer implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 10;

  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel connection;

  Http2Peer(int port) {
    connection =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forClient().build(),
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                  }
                })
            .connect("127.0.0.1", port)
            .syncUninterruptibly()
            .channel();
  }

  Stream get(String path, Map<String, String> headers) {
    return open(HttpMethod.GET, path, headers).end();
  }

  Stream invoke(String path) {
    return invoke(path, 6);
  }

  Stream invoke(String path, int version) {
    return open(
        HttpMethod.POST,
        path,
        Map.of("content-type", "application/vnd.restate.invocation.v" + version));
  }

  Stream open(HttpMethod method, String path, Map<String, String> headers) {
    var stream = new Stream();
    stream.channel =
        new Http2StreamChannelBootstrap(connection)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new Http2StreamFrameToHttpObjectCodec(false), stream);
                  }
                })
            .open()
            .syncUninterruptibly()
            .getNow();
    var request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, path);
    request.headers().set("x-http2-scheme", "http");
    headers.forEach(request.headers()::set);
    stream.channel.writeAndFlush(request).syncUninterruptibly();
    return stream;
  }

  @Override
  public void close() {
    if (!loop.isShuttingDown()) {
      connection.close().syncUninterruptibly();
    }
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** One request and its response. */
  @SuppressWarnings("NullAway.Init") // The channel follows at once.
  static final class Stream extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<HttpResponse> head = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private Channel channel;
    private int taken;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpResponse response) {
        head.complete(response);
      }
      if (message instanceof HttpContent content) {
        append(content.content());
        if (message instanceof LastHttpContent) {
          ended.countDown();
        }
      }
      ReferenceCountUtil.release(message);
    }

    private void append(ByteBuf content) {
      lock.lock();
      try {
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        body.writeBytes(bytes);
        grown.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      gone.countDown();
    }

    Stream send(byte[] bytes) {
      channel
          .writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)))
          .syncUninterruptibly();
      return this;
    }

    Stream sendHex(String hex) {
      return send(HexFormat.of().parseHex(hex.replaceAll("\\s", "")));
    }

    Stream end() {
      channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).syncUninterruptibly();
      return this;
    }

    void reset() {
      channel.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).awaitUninterruptibly();
    }

    /** Stops to read: the endpoint's window closes. */
    Stream reads(boolean on) {
      channel.config().setAutoRead(on);
      return this;
    }

    int status() throws Exception {
      return head.get(DEADLINE_SECONDS, TimeUnit.SECONDS).status().code();
    }

    String header(String name) throws Exception {
      return head.get(DEADLINE_SECONDS, TimeUnit.SECONDS).headers().get(name);
    }

    /** Takes the next bytes of the body, as many as are expected, and compares them. */
    Stream answersHex(String expected) throws Exception {
      String hex = expected.replaceAll("\\s", "");
      assertThat(HexFormat.of().formatHex(take(hex.length() / 2))).isEqualTo(hex);
      return this;
    }

    byte[] take(int count) throws Exception {
      lock.lock();
      try {
        long left = TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (body.size() - taken < count && left > 0) {
          left = grown.awaitNanos(left);
        }
        byte[] all = body.toByteArray();
        assertThat(all.length - taken).as("bytes answered").isGreaterThanOrEqualTo(count);
        byte[] next = new byte[count];
        System.arraycopy(all, taken, next, 0, count);
        taken += count;
        return next;
      } finally {
        lock.unlock();
      }
    }

    /** The whole body, once the response has ended. */
    String text() throws Exception {
      ends();
      return body.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    int size() {
      lock.lock();
      try {
        return body.size();
      } finally {
        lock.unlock();
      }
    }

    boolean hasEnded() {
      return ended.getCount() == 0;
    }

    Stream ends() throws Exception {
      assertThat(ended.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).as("response ended").isTrue();
      return this;
    }
  }
}
