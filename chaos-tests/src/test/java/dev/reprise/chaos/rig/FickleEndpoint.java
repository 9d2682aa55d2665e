package dev.reprise.chaos.rig;

import dev.reprise.api.MessageFraming;
import dev.reprise.api.MessageType;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** An endpoint that does each thing wrong that an endpoint can do wrong. */
public final class FickleEndpoint implements AutoCloseable {
  private static final int GARBAGE_BYTES = 4_096;

  private final Fault fault;
  private final SplittableRandom random;
  private final AtomicInteger asked = new AtomicInteger();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel listener;

  /** What it does to whoever asks. */
  public enum Fault {
    ACCEPTS_AND_SAYS_NOTHING(true),
    ANSWERS_GARBAGE_INSTEAD_OF_HTTP(true),
    CLOSES_AT_ONCE(true),
    HANGS(false),
    ANSWERS_500(false),
    ANSWERS_ANOTHER_CONTENT_TYPE(false),
    ANSWERS_GARBAGE_INSTEAD_OF_FRAMES(false),
    CLOSES_IN_MID_FRAME(false),
    ENDS_IN_MID_FRAME(false),
    ENDS_WITHOUT_A_WORD(false),
    SENDS_A_FRAME_OF_2_GB(false),
    SENDS_A_CUSTOM_FRAME(false),
    SENDS_A_NOTIFICATION(false);

    private final boolean raw;

    /**
     * @param raw whether it does not even speak HTTP/2
     */
    Fault(boolean raw) {
      this.raw = raw;
    }
  }

  /** Listens on the port. */
  public FickleEndpoint(int port, Fault fault, SplittableRandom random) {
    this.fault = fault;
    this.random = random;
    this.listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connections.add(connection);
                    if (fault.raw) {
                      asked.incrementAndGet();
                      connection.pipeline().addLast(new Raw());
                    } else {
                      connection
                          .pipeline()
                          .addLast(
                              Http2FrameCodecBuilder.forServer()
                                  .gracefulShutdownTimeoutMillis(0)
                                  .build())
                          .addLast(new Http2MultiplexHandler(new Streams()));
                    }
                  }
                })
            .bind(port)
            .syncUninterruptibly()
            .channel();
  }

  /** How often it was asked something. */
  public int asked() {
    return asked.get();
  }

  private byte[] garbage() {
    byte[] bytes = new byte[GARBAGE_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  private static ByteBuf frame(int type, int length, byte[] payload) {
    return Unpooled.buffer().writeLong(MessageFraming.header(type, length)).writeBytes(payload);
  }

  /** A connection that is no HTTP. */
  private final class Raw extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      if (fault == Fault.ANSWERS_GARBAGE_INSTEAD_OF_HTTP) {
        done(ctx.writeAndFlush(Unpooled.wrappedBuffer(garbage())));
      } else if (fault == Fault.CLOSES_AT_ONCE) {
        done(ctx.close());
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      done(ctx.close());
    }
  }

  private final class Streams extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream.pipeline().addLast(new Answer());
    }
  }

  private static void done(Object future) {
    // Nobody waits for it: who reads it is the server under test.
    assert future != null;
  }

  /** One request. */
  private final class Answer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (message instanceof Http2HeadersFrame request) {
          asked.incrementAndGet();
          answer(ctx, request.headers());
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    private void answer(ChannelHandlerContext ctx, Http2Headers request) {
      CharSequence type = request.get("content-type");
      switch (fault) {
        case ACCEPTS_AND_SAYS_NOTHING, ANSWERS_GARBAGE_INSTEAD_OF_HTTP, CLOSES_AT_ONCE, HANGS -> {}
        case ANSWERS_500 -> {
          head(ctx, "500", "text/plain");
          body(
              ctx,
              Unpooled.copiedBuffer("boom".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
              true);
        }
        case ANSWERS_ANOTHER_CONTENT_TYPE -> {
          head(ctx, "200", "text/html");
          body(ctx, Unpooled.wrappedBuffer(garbage()), true);
        }
        case ANSWERS_GARBAGE_INSTEAD_OF_FRAMES -> {
          head(ctx, "200", type);
          body(ctx, Unpooled.wrappedBuffer(garbage()), true);
        }
        case CLOSES_IN_MID_FRAME -> {
          head(ctx, "200", type);
          body(ctx, frame(MessageType.OUTPUT, 1_000, new byte[10]), false);
          done(ctx.channel().parent().close());
        }
        case ENDS_IN_MID_FRAME -> {
          head(ctx, "200", type);
          body(ctx, frame(MessageType.OUTPUT, 1_000, new byte[10]), true);
        }
        case ENDS_WITHOUT_A_WORD -> {
          head(ctx, "200", type);
          body(ctx, Unpooled.EMPTY_BUFFER, true);
        }
        case SENDS_A_FRAME_OF_2_GB -> {
          head(ctx, "200", type);
          body(ctx, frame(MessageType.OUTPUT, Integer.MIN_VALUE, garbage()), false);
        }
        case SENDS_A_CUSTOM_FRAME -> {
          head(ctx, "200", type);
          body(ctx, frame(0xFC01, 3, new byte[3]), false);
        }
        case SENDS_A_NOTIFICATION -> {
          head(ctx, "200", type);
          body(ctx, frame(MessageType.SLEEP_COMPLETION, 3, new byte[3]), false);
        }
      }
    }

    private static void head(ChannelHandlerContext ctx, String status, CharSequence type) {
      Http2Headers headers = new DefaultHttp2Headers().status(status).set("content-type", type);
      done(ctx.writeAndFlush(new DefaultHttp2HeadersFrame(headers)));
    }

    private static void body(ChannelHandlerContext ctx, ByteBuf bytes, boolean last) {
      done(ctx.writeAndFlush(new DefaultHttp2DataFrame(bytes, last)));
    }
  }

  /** Closes the port and all connections. */
  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    connections.close().awaitUninterruptibly(5_000);
    loops.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }
}
