package dev.reprise.server.endpoint;

import io.netty.buffer.ByteBuf;

/**
 * Hears what happens on a stream, on its loop: {@link #opened}, then head, data and end in their
 * order. {@link #ended} and {@link #failed} are the last; {@code failed} may come at any time, also
 * before {@code opened}.
 */
public interface StreamListener {
  /**
   * There is a connection, and the request's head is written; the body may follow. May be called
   * before {@link Endpoints#open} returns.
   */
  void opened(EndpointStream stream);

  /** The response's head. */
  void head(ResponseHead head);

  /**
   * A part of the response's body; the buffer is the caller's and gone after the call. The bytes
   * count against the window until {@link EndpointStream#consumed}.
   */
  void data(ByteBuf data);

  /** All that the socket had was given. */
  void readComplete();

  /** The peer takes more of the request's body, after it did not. */
  void writable();

  /** The response is complete. */
  void ended();

  /** The exchange broke. */
  void failed(StreamFailure failure);
}
