package dev.reprise.server.endpoint;

import io.netty.util.AsciiString;
import java.util.Arrays;

/** The head of a request. Immutable. */
public final class EndpointRequest {
  public static final AsciiString GET = AsciiString.cached("GET");
  public static final AsciiString POST = AsciiString.cached("POST");

  private final EndpointAddress address;
  private final AsciiString method;
  private final AsciiString own;
  private final AsciiString path;
  private final String key;
  private final AsciiString[] headers;

  /**
   * @param own the request's path, without what its address puts around it
   * @param key of the object or workflow that it is about; empty where it is about none
   * @param headers names (in lower case) and values in turn; the array is not to be changed
   */
  public EndpointRequest(
      EndpointAddress address,
      AsciiString method,
      AsciiString own,
      String key,
      AsciiString[] headers) {
    this(address, method, own, path(address, own), key, headers);
  }

  private EndpointRequest(
      EndpointAddress address,
      AsciiString method,
      AsciiString own,
      AsciiString path,
      String key,
      AsciiString[] headers) {
    this.address = address;
    this.method = method;
    this.own = own;
    this.path = path;
    this.key = key;
    this.headers = headers;
  }

  private static AsciiString path(EndpointAddress address, AsciiString own) {
    String text = own.toString();
    String path = address.path(text);
    return path.equals(text) ? own : AsciiString.of(path);
  }

  /** The same with further headers. */
  EndpointRequest with(AsciiString... further) {
    if (further.length == 0) {
      return this;
    }
    AsciiString[] all = Arrays.copyOf(headers, headers.length + further.length);
    System.arraycopy(further, 0, all, headers.length, further.length);
    return new EndpointRequest(address, method, own, path, key, all);
  }

  public EndpointAddress address() {
    return address;
  }

  public AsciiString method() {
    return method;
  }

  /** Without what the address puts around it. */
  public AsciiString own() {
    return own;
  }

  /** Complete, with prefix and query. */
  AsciiString path() {
    return path;
  }

  public String key() {
    return key;
  }

  /** Names and values in turn; not to be changed. */
  public AsciiString[] headers() {
    return headers;
  }
}
