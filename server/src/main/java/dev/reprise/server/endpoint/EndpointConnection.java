package dev.reprise.server.endpoint;

import io.netty.buffer.ByteBuf;

/**
 * One connection to one network address, whatever it speaks. Confined to its loop. HTTP/2 is {@link
 * Http2Client}, HTTP/1.1 is {@link Http1Client}, and {@link SecureConnection} is either over TLS.
 */
interface EndpointConnection {
  /** How many exchanges may be opened now; 0 before it is ready and once it is to close. */
  int room();

  /** How many exchanges are open. */
  int streams();

  /** Whether the peer has greeted, now or earlier. */
  boolean greeted();

  /** Whether it never bears more than one exchange; false before that is known. */
  boolean oneAtATime();

  /** Opens the exchange, which gets the number of its stream. Only where there is room. */
  void open(Exchange exchange);

  /** As {@link EndpointStream#writable}. */
  boolean writable(int stream);

  /** As {@link EndpointStream#write}. */
  void write(int stream, ByteBuf data);

  /** As {@link EndpointStream#end}. */
  void end(int stream);

  /** As {@link EndpointStream#reset}. */
  void reset(int stream);

  /** As {@link EndpointStream#consumed}. */
  void consumed(int stream, int bytes);

  /** Puts on the wire what was written. */
  void flush();

  /** Closes at once; exchanges on it break. */
  void close();

  /** Who keeps this connection. */
  interface Owner {
    /** There is room, after there was none. */
    void hasRoom(EndpointConnection connection);

    /** Something was written: flush it at the end of the turn. */
    void written(EndpointConnection connection);

    /** It is gone; its exchanges have heard so. */
    void closed(EndpointConnection connection, StreamFailure why);

    /** A socket read is over and has been dealt with. */
    void readComplete();
  }
}
