package dev.reprise.server.endpoint;

/**
 * The way to service endpoints from one loop. Confined to that loop. Implemented on Netty by {@link
 * LoopEndpoints}; a simulation has its own.
 */
public interface Endpoints {
  /**
   * Begins an exchange. Before this returns, its listener may hear that it is {@link
   * StreamListener#opened opened}, and nothing else.
   *
   * @return the exchange, waiting or open; may be let go at any time
   */
  EndpointStream open(EndpointRequest request, StreamListener listener);

  /** Puts on the wire what was written since the last time, each connection once. */
  void flush();
}
