package dev.reprise.server.endpoint;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** An exchange, from waiting for a connection to its end. Confined to its loop. */
final class Exchange implements EndpointStream {
  private final EndpointRequest request;
  private final StreamListener listener;
  private @Nullable EndpointConnection connection;
  private int streamId;
  private boolean listening = true;
  private boolean ended;
  private boolean touched;

  Exchange(EndpointRequest request, StreamListener listener) {
    this.request = request;
    this.listener = listener;
  }

  EndpointRequest request() {
    return request;
  }

  StreamListener listener() {
    return listener;
  }

  /** Whether somebody still wants to hear of it. */
  boolean listening() {
    return listening;
  }

  /** Nothing more is told from here on. */
  void silence() {
    listening = false;
  }

  /** Marks that this socket read brought something; says whether that is news. */
  boolean touch() {
    boolean news = !touched;
    touched = true;
    return news;
  }

  void untouch() {
    touched = false;
  }

  void openedOn(EndpointConnection on, int id) {
    connection = on;
    streamId = id;
    listener.opened(this);
  }

  void fail(StreamFailure failure) {
    if (listening) {
      listening = false;
      listener.failed(failure);
    }
  }

  /** The stream is gone. */
  void detach() {
    connection = null;
  }

  @Override
  public boolean writable() {
    return connection != null && connection.writable(streamId);
  }

  @Override
  public void write(ByteBuf data) {
    if (connection == null || ended) {
      data.release();
      return;
    }
    connection.write(streamId, data);
  }

  @Override
  public void end() {
    if (connection != null && !ended) {
      ended = true;
      connection.end(streamId);
    }
  }

  @Override
  public void reset() {
    listening = false;
    if (connection != null) {
      connection.reset(streamId);
    }
  }

  @Override
  public void consumed(int bytes) {
    if (connection != null && bytes > 0) {
      connection.consumed(streamId, bytes);
    }
  }
}
