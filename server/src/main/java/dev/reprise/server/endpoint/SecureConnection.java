package dev.reprise.server.endpoint;

import dev.reprise.server.endpoint.StreamFailure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import org.jspecify.annotations.Nullable;

/**
 * A connection over TLS: becomes HTTP/2 or HTTP/1.1 when the endpoint has said which of them it
 * prefers. Confined to its channel's event loop.
 */
// That it closes is told when it has closed.
@SuppressWarnings("FutureReturnValueIgnored")
final class SecureConnection implements EndpointConnection, EndpointConnection.Owner {
  private final Connector connector;
  private final Owner owner;
  private @Nullable EndpointConnection inner;
  private @Nullable ChannelHandlerContext context;
  private @Nullable StreamFailure why;

  SecureConnection(Connector connector, Owner owner) {
    this.connector = connector;
    this.owner = owner;
  }

  /** Hears the outcome of the handshake, behind the handler of TLS. */
  ChannelHandler negotiation() {
    return new Negotiation();
  }

  private final class Negotiation extends ApplicationProtocolNegotiationHandler {
    Negotiation() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
      context = ctx;
      super.handlerAdded(ctx);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      EndpointConnection made = connector.speak(protocol, ctx.pipeline(), SecureConnection.this);
      inner = made;
      made.flush();
      if (made.room() > 0) {
        // It was ready before it could be known here.
        owner.hasRoom(SecureConnection.this);
      }
    }

    @Override
    protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
      failed(ctx, cause);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      failed(ctx, cause);
    }

    private void failed(ChannelHandlerContext ctx, Throwable cause) {
      if (why == null) {
        String text = "no TLS connection: " + cause.getMessage();
        why = new StreamFailure(Kind.CONNECT, text, true);
      }
      ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
      super.channelInactive(ctx);
      if (inner == null) {
        StreamFailure early =
            new StreamFailure(Kind.CONNECT, "the connection was closed before it began", true);
        owner.closed(SecureConnection.this, why != null ? why : early);
        owner.readComplete();
      }
    }
  }

  // ---- what the pool asks ----

  @Override
  public int room() {
    return inner == null ? 0 : inner.room();
  }

  @Override
  public int streams() {
    return inner == null ? 0 : inner.streams();
  }

  @Override
  public boolean greeted() {
    return inner != null && inner.greeted();
  }

  @Override
  public boolean oneAtATime() {
    return inner != null && inner.oneAtATime();
  }

  @Override
  public void open(Exchange exchange) {
    inner().open(exchange);
  }

  @Override
  public boolean writable(int stream) {
    return inner().writable(stream);
  }

  @Override
  public void write(int stream, ByteBuf data) {
    inner().write(stream, data);
  }

  @Override
  public void end(int stream) {
    inner().end(stream);
  }

  @Override
  public void reset(int stream) {
    inner().reset(stream);
  }

  @Override
  public void consumed(int stream, int bytes) {
    inner().consumed(stream, bytes);
  }

  @Override
  public void flush() {
    if (inner != null) {
      inner.flush();
    }
  }

  @Override
  public void close() {
    if (context != null) {
      context.close();
    }
  }

  private EndpointConnection inner() {
    if (inner == null) {
      throw new IllegalStateException("Expected a handshake before the first exchange");
    }
    return inner;
  }

  // ---- what the inner connection tells: the pool knows this one ----

  @Override
  public void hasRoom(EndpointConnection connection) {
    if (inner != null) {
      owner.hasRoom(this);
    }
  }

  @Override
  public void written(EndpointConnection connection) {
    owner.written(this);
  }

  @Override
  public void closed(EndpointConnection connection, StreamFailure reason) {
    owner.closed(this, reason);
  }

  @Override
  public void readComplete() {
    owner.readComplete();
  }
}
