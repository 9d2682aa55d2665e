package dev.reprise.server.endpoint;

import io.netty.util.AsciiString;

/** Proves to endpoints who asks. Any thread; must not block. */
@FunctionalInterface
public interface RequestSigner {
  /** Adds nothing: endpoints are asked to believe. */
  RequestSigner NONE = request -> new AsciiString[0];

  /** The headers that a request gets on its way out: names and values in turn. */
  AsciiString[] headers(EndpointRequest request);
}
