package dev.reprise.bench.endpoint;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one HTTP/2 connection with prior knowledge: frames in, exchanges out.
 * Reading is Netty's; writing is by hand, into one buffer per read of the socket. The event loop's
 * thread.
 */
final class Http2Connection extends ByteToMessageDecoder {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int FLAG_ACK = 0x1;
  private static final int FLAG_END_STREAM = 0x1;
  private static final int FLAG_END_HEADERS = 0x4;
  private static final int SETTING_MAX_CONCURRENT_STREAMS = 0x3;
  private static final int SETTING_INITIAL_WINDOW_SIZE = 0x4;
  private static final int MAX_STREAMS = 4096;
  private static final int FIRST_WINDOW = 65_535;
  private static final int STREAM_WINDOW = 1 << 20;
  private static final int CONNECTION_WINDOW = 64 << 20;

  private final Routes routes;
  private final DefaultHttp2FrameReader reader =
      new DefaultHttp2FrameReader(new DefaultHttp2HeadersDecoder(false));
  private final Frames frames = new Frames();
  private final IntObjectMap<Http2Stream> streams = new IntObjectHashMap<>();

  /** Streams with something to send and no window left. */
  private final ArrayDeque<Http2Stream> blocked = new ArrayDeque<>();

  private @Nullable ByteBuf out;
  private boolean reading;
  private boolean prefaceRead;
  private int receivedBytes;
  private int sendWindow = FIRST_WINDOW;
  private int peersFirstWindow = FIRST_WINDOW;
  private int maxFrameSize = 16_384;

  Http2Connection(Routes routes) {
    this.routes = routes;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ByteBuf buffer = out(context);
    header(buffer, 12, Http2FrameTypes.SETTINGS, 0, 0);
    buffer.writeShort(SETTING_MAX_CONCURRENT_STREAMS).writeInt(MAX_STREAMS);
    buffer.writeShort(SETTING_INITIAL_WINDOW_SIZE).writeInt(STREAM_WINDOW);
    windowUpdate(buffer, 0, CONNECTION_WINDOW - FIRST_WINDOW);
    flush(context);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> none)
      throws Http2Exception {
    reading = true;
    if (!prefaceRead) {
      if (in.readableBytes() < PREFACE.length()) {
        return;
      }
      String preface = in.readString(PREFACE.length(), java.nio.charset.StandardCharsets.US_ASCII);
      if (!preface.equals(PREFACE)) {
        throw new IllegalArgumentException("Expected HTTP/2's preface, but '" + preface + "'");
      }
      prefaceRead = true;
    }
    reader.readFrame(context, in, frames);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    reading = false;
    flush(context);
    super.channelReadComplete(context);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    new ArrayList<>(streams.values()).forEach(this::remove);
    reader.close();
    if (out != null) {
      out.release();
      out = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    System.err.println("endpoint: connection closed: " + cause);
    var unused = context.close();
  }

  /** What is written during one read of the socket goes out together. */
  private ByteBuf out(ChannelHandlerContext context) {
    if (out == null) {
      out = context.alloc().directBuffer(16 * 1024);
    }
    return out;
  }

  private void flush(ChannelHandlerContext context) {
    if (out != null) {
      // A failed write ends up in exceptionCaught: that is what the void promise is for.
      var unused = context.writeAndFlush(out, context.voidPromise());
      out = null;
    }
  }

  private static void header(ByteBuf out, int length, int type, int flags, int stream) {
    out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
  }

  private static void windowUpdate(ByteBuf out, int stream, int bytes) {
    header(out, 4, Http2FrameTypes.WINDOW_UPDATE, 0, stream);
    out.writeInt(bytes);
  }

  /** Sends as much of a stream's response as the peer lets; the rest waits in the stream. */
  private void send(ChannelHandlerContext context, Http2Stream stream) {
    ByteBuf buffer = out(context);
    if (!stream.headSent) {
      ByteBuf block = stream.head.block();
      int length = block.readableBytes();
      header(buffer, length, Http2FrameTypes.HEADERS, FLAG_END_HEADERS, stream.id);
      buffer.writeBytes(block, block.readerIndex(), length);
      stream.headSent = true;
    }
    while (stream.unsentBytes() > 0 && sendWindow > 0 && stream.sendWindow > 0) {
      int bytes = Math.min(Math.min(stream.sendWindow, sendWindow), maxFrameSize);
      bytes = Math.min(bytes, stream.unsentBytes());
      stream.responseEnded = stream.last && bytes == stream.unsentBytes();
      int flags = stream.responseEnded ? FLAG_END_STREAM : 0;
      header(buffer, bytes, Http2FrameTypes.DATA, flags, stream.id);
      stream.takeUnsent(buffer, bytes);
      sendWindow -= bytes;
      stream.sendWindow -= bytes;
    }
    if (stream.unsentBytes() > 0) {
      if (!stream.waiting) {
        stream.waiting = true;
        blocked.add(stream);
      }
    } else if (stream.last && !stream.responseEnded) {
      header(buffer, 0, Http2FrameTypes.DATA, FLAG_END_STREAM, stream.id);
      stream.responseEnded = true;
    }
    if (!reading) {
      flush(context);
    }
    removeIfDone(stream);
  }

  private void sendBlocked(ChannelHandlerContext context) {
    for (int i = blocked.size(); i > 0 && sendWindow > 0; i--) {
      Http2Stream stream = blocked.remove();
      stream.waiting = false;
      if (!stream.gone) {
        send(context, stream);
      }
    }
  }

  private void removeIfDone(Http2Stream stream) {
    if (stream.requestEnded && stream.responseEnded) {
      remove(stream);
    }
  }

  private void remove(Http2Stream stream) {
    if (!stream.gone) {
      stream.gone = true;
      streams.remove(stream.id);
      stream.exchange().gone();
      stream.release();
    }
  }

  /** What the peer says, frame by frame. */
  private final class Frames extends Http2FrameAdapter {
    @Override
    public void onHeadersRead(
        ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean end) {
      if (streams.containsKey(id)) {
        endRequest(streams.get(id), end); // Trailers say nothing here.
        return;
      }
      CharSequence type = headers.get("content-type");
      Routes.Route route = routes.find(headers.path(), type == null ? "" : type);
      Http2Stream stream =
          new Http2Stream(id, route.head(), peersFirstWindow, it -> send(context, it));
      streams.put(id, stream);
      stream.open(route.opener());
      endRequest(stream, end);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context,
        int id,
        Http2Headers headers,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean end) {
      onHeadersRead(context, id, headers, padding, end);
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean end) {
      int bytes = data.readableBytes() + padding;
      receivedBytes += bytes;
      if (receivedBytes > CONNECTION_WINDOW / 4) {
        windowUpdate(out(context), 0, receivedBytes);
        receivedBytes = 0;
      }
      Http2Stream stream = streams.get(id);
      if (stream != null) {
        stream.receivedBytes += bytes;
        if (stream.receivedBytes > STREAM_WINDOW / 4 && !end) {
          windowUpdate(out(context), id, stream.receivedBytes);
          stream.receivedBytes = 0;
        }
        stream.exchange().data(data);
        endRequest(stream, end);
      }
      return bytes;
    }

    private void endRequest(@Nullable Http2Stream stream, boolean end) {
      if (stream != null && end && !stream.gone) {
        stream.requestEnded = true;
        stream.exchange().requestEnded();
        removeIfDone(stream);
      }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int id, long errorCode) {
      Http2Stream stream = streams.get(id);
      if (stream != null) {
        remove(stream);
      }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
      Integer firstWindow = settings.initialWindowSize();
      if (firstWindow != null) {
        int change = firstWindow - peersFirstWindow;
        peersFirstWindow = firstWindow;
        streams.values().forEach(stream -> stream.sendWindow += change);
      }
      Integer frameSize = settings.maxFrameSize();
      maxFrameSize = frameSize == null ? maxFrameSize : frameSize;
      header(out(context), 0, Http2FrameTypes.SETTINGS, FLAG_ACK, 0);
      sendBlocked(context);
    }

    @Override
    public void onPingRead(ChannelHandlerContext context, long data) {
      header(out(context), 8, Http2FrameTypes.PING, FLAG_ACK, 0);
      out(context).writeLong(data);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext context, int id, int bytes) {
      if (id == 0) {
        sendWindow += bytes;
      } else if (streams.containsKey(id)) {
        streams.get(id).sendWindow += bytes;
      }
      sendBlocked(context);
    }
  }
}
