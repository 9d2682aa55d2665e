package dev.reprise.server.endpoint;

import dev.reprise.server.endpoint.StreamFailure.Kind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;

/** Makes connections on one loop, in whatever the endpoint speaks. */
final class Connector {
  private static final int LINE_LIMIT = 8 << 10;
  private static final int HEADERS_LIMIT = 16 << 10;
  private static final int CHUNK_LIMIT = 64 << 10;

  private final EventLoop loop;
  private final Class<? extends SocketChannel> channel;
  private final EndpointOptions options;
  private final EndpointTrust trust;

  Connector(
      EventLoop loop,
      Class<? extends SocketChannel> channel,
      EndpointOptions options,
      EndpointTrust trust) {
    this.loop = loop;
    this.channel = channel;
    this.options = options;
    this.trust = trust;
  }

  EndpointConnection connect(
      InetSocketAddress at, EndpointAddress.Network address, EndpointConnection.Owner owner) {
    if (address.tls()) {
      SecureConnection secure = new SecureConnection(this, owner);
      return begin(at, owner, secure, initially(pipeline -> secure(pipeline, address, secure)));
    }
    if (address.http11()) {
      Http1Client client = new Http1Client(options, owner);
      return begin(at, owner, client, initially(pipeline -> add(pipeline, client)));
    }
    Http2Client client = http2(owner);
    return begin(at, owner, client, client);
  }

  /** Puts a client of the protocol that both sides agreed on behind TLS. */
  EndpointConnection speak(
      String protocol, ChannelPipeline pipeline, EndpointConnection.Owner owner) {
    if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
      Http2Client client = http2(owner);
      pipeline.addLast(client);
      return client;
    }
    Http1Client client = new Http1Client(options, owner);
    add(pipeline, client);
    return client;
  }

  private Http2Client http2(EndpointConnection.Owner owner) {
    return new Http2ClientBuilder(options, owner).build();
  }

  private static void add(ChannelPipeline pipeline, Http1Client client) {
    pipeline.addLast(new HttpClientCodec(LINE_LIMIT, HEADERS_LIMIT, CHUNK_LIMIT), client);
  }

  private void secure(
      ChannelPipeline pipeline, EndpointAddress.Network address, SecureConnection secure)
      throws IOException {
    SslContext context = trust.context(address.http11());
    SslHandler tls = context.newHandler(pipeline.channel().alloc(), address.host(), address.port());
    tls.setHandshakeTimeoutMillis(options.connectTimeout().toMillis());
    pipeline.addLast(tls, secure.negotiation());
  }

  private interface Setup {
    void apply(ChannelPipeline pipeline) throws IOException;
  }

  private static ChannelHandler initially(Setup setup) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel made) throws IOException {
        setup.apply(made.pipeline());
      }
    };
  }

  private EndpointConnection begin(
      InetSocketAddress at,
      EndpointConnection.Owner owner,
      EndpointConnection client,
      ChannelHandler handler) {
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channel(channel)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(options.connectTimeout().toMillis()))
            .handler(handler)
            .connect(at);
    connected.addListener(
        done -> {
          if (!done.isSuccess()) {
            String text = "cannot connect to " + at + ": " + done.cause().getMessage();
            owner.closed(client, new StreamFailure(Kind.CONNECT, text, true));
          }
        });
    return client;
  }
}
