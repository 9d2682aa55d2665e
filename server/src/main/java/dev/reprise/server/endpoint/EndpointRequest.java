package dev.reprise.server.endpoint;

import io.netty.util.AsciiString;

/** The head of a request. Immutable. */
public final class EndpointRequest {
  public static final AsciiString GET = AsciiString.cached("GET");
  public static final AsciiString POST = AsciiString.cached("POST");

  private final EndpointAddress address;
  private final AsciiString method;
  private final AsciiString path;
  private final AsciiString[] headers;

  /**
   * @param path complete, with prefix and query
   * @param headers names (in lower case) and values in turn; the array is not to be changed
   */
  public EndpointRequest(
      EndpointAddress address, AsciiString method, AsciiString path, AsciiString[] headers) {
    this.address = address;
    this.method = method;
    this.path = path;
    this.headers = headers;
  }

  public EndpointAddress address() {
    return address;
  }

  AsciiString method() {
    return method;
  }

  AsciiString path() {
    return path;
  }

  AsciiString[] headers() {
    return headers;
  }
}
