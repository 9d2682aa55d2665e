package dev.reprise.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** One connection of the load generator and the request under way on it. The generator's thread. */
final class LoadConnection {
  enum State {
    CLOSED,
    CONNECTING,
    IDLE,
    BUSY
  }

  final ResponseParser response = new ResponseParser();
  private final ByteBuffer out;
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;
  State state = State.CLOSED;

  /** When the request under way was made, or was due. */
  long sinceNanos;

  /** When a closed connection may be opened again. */
  long reopenAtNanos;

  LoadConnection(int maxRequestBytes) {
    out = ByteBuffer.allocateDirect(maxRequestBytes);
  }

  void open(InetSocketAddress server, Selector selector) throws IOException {
    SocketChannel opened = SocketChannel.open();
    channel = opened;
    opened.configureBlocking(false);
    opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
    response.reset();
    out.clear().limit(0);
    state = State.CONNECTING;
    opened.connect(server);
    key = opened.register(selector, SelectionKey.OP_CONNECT, this);
  }

  void finishConnect() throws IOException {
    channel().finishConnect();
    key().interestOps(SelectionKey.OP_READ);
    state = State.IDLE;
  }

  void send(RequestTemplate request, long drawnKey, long sequence, long since) throws IOException {
    out.clear();
    request.render(out, drawnKey, sequence);
    out.flip();
    sinceNanos = since;
    state = State.BUSY;
    flush();
  }

  void flush() throws IOException {
    channel().write(out);
    int interest = out.hasRemaining() ? SelectionKey.OP_WRITE : 0;
    if (key().interestOps() != (SelectionKey.OP_READ | interest)) {
      key().interestOps(SelectionKey.OP_READ | interest);
    }
  }

  /** Bytes read, or -1 when the server closed the connection. */
  int read(ByteBuffer in) throws IOException {
    return channel().read(in);
  }

  void close(long reopenAt) {
    state = State.CLOSED;
    reopenAtNanos = reopenAt;
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // Nothing is lost: the connection was given up anyway.
    }
  }

  private SocketChannel channel() throws IOException {
    if (channel == null) {
      throw new IOException("Expected an open connection, but it was never opened");
    }
    return channel;
  }

  private SelectionKey key() throws IOException {
    if (key == null) {
      throw new IOException("Expected an open connection, but it was never opened");
    }
    return key;
  }
}
