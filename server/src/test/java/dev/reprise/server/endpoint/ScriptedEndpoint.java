package dev.reprise.server.endpoint;

import dev.reprise.server.net.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A real HTTP/2 server whose answers are scripts: each exchange is played on a thread of its own,
 * which sees the request's bytes as they come and sends what it likes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes are asserted where they matter.
public final class ScriptedEndpoint implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 20;

  private final EventLoops loops = EventLoops.open(1);
  private final Channel server;
  private final List<Channel> connections = new CopyOnWriteArrayList<>();
  private final Map<Long, CompletableFuture<?>> pings = new ConcurrentHashMap<>();
  private final AtomicLong pingNumbers = new AtomicLong();
  private final AtomicInteger exchanges = new AtomicInteger();
  private final List<Throwable> mishaps = new CopyOnWriteArrayList<>();
  private volatile Script script;

  /** What happens in an exchange. */
  public interface Script {
    void play(Peer peer) throws Exception;
  }

  public ScriptedEndpoint(Script script) {
    this(script, 1_000);
  }

  public ScriptedEndpoint(Script script, int streamsPerConnection) {
    this(script, streamsPerConnection, null);
  }

  /** With TLS. */
  public ScriptedEndpoint(Script script, SslContext tls) {
    this(script, 1_000, tls);
  }

  private ScriptedEndpoint(Script script, int streamsPerConnection, @Nullable SslContext tls) {
    this.script = script;
    Http2Settings settings =
        new Http2Settings().maxConcurrentStreams(streamsPerConnection).initialWindowSize(1 << 20);
    this.server =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    if (tls != null) {
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    }
                    channel
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forServer()
                                .initialSettings(settings)
                                .decoderEnforceMaxRstFramesPerWindow(0, 0)
                                .encoderEnforceMaxRstFramesPerWindow(0, 0)
                                .build(),
                            new Pongs(),
                            new Http2MultiplexHandler(new Streams()));
                  }
                })
            .bind("0.0.0.0", 0)
            .syncUninterruptibly()
            .channel();
  }

  public String uri() {
    return "http://127.0.0.1:" + port() + "/";
  }

  public int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  public void script(Script next) {
    script = next;
  }

  /** Exchanges begun so far. */
  public int exchanges() {
    return exchanges.get();
  }

  /** Connections made so far. */
  public int connections() {
    return connections.size();
  }

  /** Local addresses at which clients have connected. */
  public List<String> reachedAt() {
    return connections.stream()
        .map(each -> ((InetSocketAddress) each.localAddress()).getHostString())
        .toList();
  }

  /** Closes all connections, as an endpoint that is deployed anew does. */
  public void closeConnections() {
    connections.forEach(Channel::close);
  }

  /** What went wrong in scripts. */
  public List<Throwable> mishaps() {
    return mishaps;
  }

  @Override
  public void close() {
    server.close();
    connections.forEach(Channel::close);
    loops.close();
  }

  private final class Pongs extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
      if (message instanceof Http2PingFrame ping && ping.ack()) {
        CompletableFuture<?> waiting = pings.remove(ping.content());
        if (waiting != null) {
          waiting.complete(null);
        }
        return;
      }
      super.channelRead(ctx, message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // Clients that go away in the middle are part of the stories.
      ctx.close();
    }
  }

  private final class Streams extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream.pipeline().addLast(new Peer(stream));
    }
  }

  /** The server's side of one exchange. */
  public final class Peer extends ChannelInboundHandlerAdapter {
    private static final byte[] END = new byte[0];

    private final Channel stream;
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    private Http2Headers head = new DefaultHttp2Headers();
    private byte @Nullable [] rest;
    private int restAt;
    private int number;

    Peer(Channel stream) {
      this.stream = stream;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (message instanceof Http2HeadersFrame headers) {
          head = headers.headers();
          number = exchanges.incrementAndGet();
          if (headers.isEndStream()) {
            received.add(END);
          }
          Thread.ofVirtual().start(this::play);
        } else if (message instanceof Http2DataFrame data) {
          ByteBuf content = data.content();
          byte[] bytes = new byte[content.readableBytes()];
          content.readBytes(bytes);
          if (bytes.length > 0) {
            received.add(bytes);
          }
          if (data.isEndStream()) {
            received.add(END);
          }
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof Http2ResetFrame) {
        over.complete(true);
        received.add(END);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      over.complete(false);
      received.add(END);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      over.complete(true);
    }

    private void play() {
      try {
        script.play(this);
      } catch (Exception | AssertionError e) {
        mishaps.add(e);
        stream.close();
      }
    }

    /** Which exchange of this endpoint it is, from 1. */
    public int number() {
      return number;
    }

    public String path() {
      return head.path().toString();
    }

    public @Nullable String header(String name) {
      CharSequence value = head.get(name);
      return value == null ? null : value.toString();
    }

    /** The next {@code count} bytes of the request; fewer at its end. */
    public byte[] read(int count) throws InterruptedException {
      byte[] bytes = new byte[count];
      int have = 0;
      while (have < count) {
        if (rest == null || restAt == rest.length) {
          rest = received.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
          restAt = 0;
          if (rest == null) {
            throw new AssertionError("Expected more of the request in time, but got nothing");
          }
          if (rest == END) {
            received.add(END);
            rest = null;
            return java.util.Arrays.copyOf(bytes, have);
          }
        }
        int part = Math.min(count - have, rest.length - restAt);
        System.arraycopy(rest, restAt, bytes, have, part);
        restAt += part;
        have += part;
      }
      return bytes;
    }

    public void head(int status, String... headers) {
      DefaultHttp2Headers response = new DefaultHttp2Headers();
      response.status(Integer.toString(status));
      for (int i = 0; i < headers.length; i += 2) {
        response.add(headers[i], headers[i + 1]);
      }
      stream.writeAndFlush(new DefaultHttp2HeadersFrame(response, false));
    }

    public void send(byte[] bytes) {
      stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes), false));
    }

    /** Returns when the other side has read all that was sent. */
    public void awaitRead() throws Exception {
      long number = pingNumbers.incrementAndGet();
      CompletableFuture<?> pong = new CompletableFuture<>();
      pings.put(number, pong);
      stream.parent().writeAndFlush(new DefaultHttp2PingFrame(number));
      pong.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    /** Takes no more of the request than its window lets through. */
    public void stopReading() {
      stream.config().setAutoRead(false);
    }

    public void end() {
      stream.writeAndFlush(new DefaultHttp2DataFrame(true));
    }

    public void reset() {
      stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
    }

    public void closeConnection() {
      stream.parent().close();
    }

    /** Waits until the exchange is over; says whether the client reset it. */
    public boolean awaitOver() throws Exception {
      return over.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
