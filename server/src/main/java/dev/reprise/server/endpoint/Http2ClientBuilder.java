package dev.reprise.server.endpoint;

import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.AsciiString;

/** Sets up a client's HTTP/2 connection. */
final class Http2ClientBuilder
    extends AbstractHttp2ConnectionHandlerBuilder<Http2Client, Http2ClientBuilder> {
  /** Different for each invocation: not worth a place in the peer's header table. */
  private static final AsciiString INVOCATION_ID = AsciiString.cached("x-restate-invocation-id");

  private static final AsciiString SERVICE_KEY = AsciiString.cached("x-restate-service-key");

  private final EndpointOptions options;
  private final EndpointConnection.Owner owner;
  private final Http2Events events;

  Http2ClientBuilder(EndpointOptions options, EndpointConnection.Owner owner) {
    this.options = options;
    this.owner = owner;
    var connection = new DefaultHttp2Connection(false, 0);
    // Without weights: none of our peers sets any, and the weighted queue costs on each write.
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    // The connection's window refills by itself, so that an attempt that must wait holds up its
    // own stream only.
    connection.local().flowController(new DefaultHttp2LocalFlowController(connection, 0.5f, true));
    this.events = new Http2Events(connection);
    connection(connection);
    frameListener(events);
    headerSensitivityDetector((name, value) -> name == INVOCATION_ID || name == SERVICE_KEY);
    encoderEnforceMaxConcurrentStreams(false);
    // Netty guards servers against resets; on a client the same limit would cut the attempts of
    // good handlers because others were reset.
    encoderEnforceMaxRstFramesPerWindow(0, 0);
    decoderEnforceMaxRstFramesPerWindow(0, 0);
    initialSettings(
        new Http2Settings()
            .pushEnabled(false)
            .initialWindowSize(options.streamWindow())
            .maxHeaderListSize(16 << 10));
  }

  @Override
  protected Http2Client build() {
    return super.build();
  }

  @Override
  protected Http2Client build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    Http2Client client = new Http2Client(decoder, encoder, settings, options, owner, events);
    events.client(client);
    return client;
  }
}
