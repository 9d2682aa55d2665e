package dev.reprise.server.endpoint;

import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;

/** Heads of requests and responses as HTTP/1.1 has them. */
final class Http1Heads {
  private static final AsciiString SERVER = AsciiString.cached("x-restate-server");

  private Http1Heads() {}

  /** A request without a body: all of it. */
  static HttpRequest whole(EndpointRequest request) {
    HttpRequest made =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, method(request), request.path().toString());
    fill(made, request);
    return made;
  }

  /** A request whose body follows in chunks. */
  static HttpRequest first(EndpointRequest request) {
    HttpRequest made =
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, method(request), request.path().toString());
    fill(made, request);
    // Whatever a registration added: the body is framed here, and only here.
    made.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
    made.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    return made;
  }

  private static HttpMethod method(EndpointRequest request) {
    return HttpMethod.valueOf(request.method().toString());
  }

  private static void fill(HttpRequest made, EndpointRequest request) {
    if (request.address() instanceof EndpointAddress.Network network) {
      made.headers().set(HttpHeaderNames.HOST, network.authority());
    }
    AsciiString[] headers = request.headers();
    for (int i = 0; i < headers.length; i += 2) {
      made.headers().add(headers[i], headers[i + 1]);
    }
  }

  static ResponseHead read(HttpResponse response) {
    return new ResponseHead(
        response.status().code(),
        response.headers().get(HttpHeaderNames.CONTENT_TYPE),
        response.headers().get(HttpHeaderNames.RETRY_AFTER),
        response.headers().get(SERVER));
  }
}
