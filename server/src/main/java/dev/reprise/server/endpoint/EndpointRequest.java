package dev.reprise.server.endpoint;

import io.netty.util.AsciiString;

/**
 * The head of a request.
 *
 * @param path complete, with prefix and query
 * @param headers names (in lower case) and values in turn; neither is changed afterwards
 */
public record EndpointRequest(
    EndpointAddress address, AsciiString method, AsciiString path, AsciiString[] headers) {
  public static final AsciiString GET = AsciiString.cached("GET");
  public static final AsciiString POST = AsciiString.cached("POST");
}
