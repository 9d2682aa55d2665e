package dev.reprise.server.gateway;

import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/** Lets pages of every origin call the ingress. */
final class Cors {
  private static final AsciiString ORIGIN = AsciiString.cached("origin");
  private static final AsciiString REQUEST_METHOD =
      AsciiString.cached("access-control-request-method");
  private static final AsciiString REQUEST_HEADERS =
      AsciiString.cached("access-control-request-headers");
  private static final AsciiString VARY = AsciiString.cached("vary");
  private static final AsciiString VARIES =
      AsciiString.cached("origin, access-control-request-method, access-control-request-headers");
  private static final AsciiString CREDENTIALS =
      AsciiString.cached("access-control-allow-credentials");
  private static final AsciiString TRUE = AsciiString.cached("true");
  private static final AsciiString ALLOW_ORIGIN = AsciiString.cached("access-control-allow-origin");
  private static final AsciiString ALLOW_METHODS =
      AsciiString.cached("access-control-allow-methods");
  private static final AsciiString ALLOW_HEADERS =
      AsciiString.cached("access-control-allow-headers");

  private Cors() {}

  /** Adds what a browser asks of any response. */
  static Response permit(Exchange exchange, Response response) {
    response.header(VARY, VARIES).header(CREDENTIALS, TRUE);
    String origin = exchange.headers().get(ORIGIN);
    return origin == null ? response : response.header(ALLOW_ORIGIN, origin);
  }

  /** The answer to OPTIONS, of whatever path. */
  static Response preflight(Exchange exchange) {
    Response response = new Response(200);
    HttpHeaders headers = exchange.headers();
    String method = headers.get(REQUEST_METHOD);
    if (method != null) {
      response.header(ALLOW_METHODS, method);
    }
    String fields = headers.get(REQUEST_HEADERS);
    return fields == null ? response : response.header(ALLOW_HEADERS, fields);
  }
}
