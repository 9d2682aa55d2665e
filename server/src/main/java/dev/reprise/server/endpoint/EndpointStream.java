package dev.reprise.server.endpoint;

import io.netty.buffer.ByteBuf;

/**
 * One exchange with an endpoint. Confined to the loop of its {@link Endpoints}. Nothing is on the
 * wire before {@link Endpoints#flush}, or the end of the socket read that is under way.
 */
public interface EndpointStream {
  /** Whether the peer takes more now. What is written beyond that is kept in memory. */
  boolean writable();

  /**
   * Whether all that is written is kept in memory until the endpoint answers, whatever {@link
   * #writable} says.
   */
  default boolean gathers() {
    return false;
  }

  /** Sends a part of the request's body; takes the buffer over. */
  void write(ByteBuf data);

  /** The request's body is complete. Once; harmless when the exchange is over. */
  void end();

  /** Lets go of the exchange: its listener hears nothing more. Harmless when it is over. */
  void reset();

  /**
   * The peer may send that many bytes more. Whoever reads must say so for all bytes it was given,
   * or the peer stops after a window.
   */
  void consumed(int bytes);
}
