package dev.reprise.sdk.http;

import dev.reprise.sdk.runtime.Attempt;
import dev.reprise.sdk.runtime.Manifest;
import dev.reprise.sdk.runtime.Services;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one HTTP/2 stream, or of one HTTP/1.1 connection in turn. Confined to its
 * event loop.
 */
final class RequestHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final String INVOCATION_TYPE = "application/vnd.restate.invocation.v";
  static final String SERVER = "reprise-sdk-java/0.1.0";
  static final String TOO_MANY =
      "Expected fewer attempts at once, but the endpoint's bound is reached";

  private final Services services;
  private final RequestIdentity identity;
  private final Manifest.Mode mode;
  private @Nullable Exchange exchange;

  RequestHandler(Services services, RequestIdentity identity, Manifest.Mode mode) {
    this.services = services;
    this.identity = identity;
    this.mode = mode;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest request) {
      exchange = null;
      answer(ctx, request);
    }
    if (message instanceof HttpContent content && exchange != null) {
      exchange.received(content.content().retain());
      if (message instanceof LastHttpContent) {
        exchange.requestEnded();
      }
    }
    ReferenceCountUtil.release(message);
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) {
    Route route = Route.of(request.method().name(), request.uri());
    String problem = identity.problem(route, request.headers()::get);
    if (problem != null) {
      refuse(ctx, request, HttpResponseStatus.UNAUTHORIZED, problem);
      return;
    }
    switch (route) {
      case Route.Health health -> respond(ctx, request, HttpResponseStatus.OK, "text/plain", "OK");
      case Route.Discover discover -> discover(ctx, request);
      case Route.Invoke invoke -> invoke(ctx, request, invoke);
      case Route.Unknown unknown ->
          refuse(ctx, request, HttpResponseStatus.NOT_FOUND, unknown.message());
    }
  }

  private void discover(ChannelHandlerContext ctx, HttpRequest request) {
    int version = Manifest.negotiate(request.headers().getAll(HttpHeaderNames.ACCEPT));
    if (version == 0) {
      refuse(
          ctx,
          request,
          HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
          unknownManifest(request.headers().get(HttpHeaderNames.ACCEPT)));
      return;
    }
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.OK,
            Unpooled.wrappedBuffer(services.manifest(version, mode)));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, Manifest.contentType(version));
    respond(ctx, request, response);
  }

  static String unknownManifest(@Nullable String accept) {
    return "Expected to be asked for %s to v%d, but got %s"
        .formatted(Manifest.contentType(Manifest.MIN_VERSION), Manifest.MAX_VERSION, accept);
  }

  static String unknownHandler(Route.Invoke invoke) {
    return "Expected a handler of this endpoint, but got %s/%s"
        .formatted(invoke.service(), invoke.handler());
  }

  static String unknownProtocol(String contentType) {
    return "Expected %s%d or up to %d, but got %s"
        .formatted(INVOCATION_TYPE, Manifest.MIN_PROTOCOL, Manifest.MAX_PROTOCOL, contentType);
  }

  private void invoke(ChannelHandlerContext ctx, HttpRequest request, Route.Invoke invoke) {
    if (services.find(invoke.service(), invoke.handler()).isEmpty()) {
      refuse(ctx, request, HttpResponseStatus.NOT_FOUND, unknownHandler(invoke));
      return;
    }
    String contentType = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
    int version = protocolVersion(contentType);
    if (version == 0) {
      refuse(ctx, request, HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE, unknownProtocol(contentType));
      return;
    }
    var created = new Exchange(ctx.channel(), HttpUtil.isKeepAlive(request));
    // The head goes first: whatever happens later is said in the body.
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    head.headers().set("x-restate-server", SERVER);
    HttpUtil.setTransferEncodingChunked(head, true);
    HttpUtil.setKeepAlive(head, HttpUtil.isKeepAlive(request));
    Optional<Attempt> attempt =
        services.prepare(invoke.service(), invoke.handler(), version, created);
    if (attempt.isEmpty()) {
      refuse(ctx, request, HttpResponseStatus.SERVICE_UNAVAILABLE, TOO_MANY);
      return;
    }
    ctx.writeAndFlush(head).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    created.begin(attempt.get());
    exchange = created;
  }

  /** 0 when we do not speak it. */
  static int protocolVersion(String contentType) {
    for (int version = Manifest.MAX_PROTOCOL; version >= Manifest.MIN_PROTOCOL; version--) {
      if (contentType.equals(INVOCATION_TYPE + version)) {
        return version;
      }
    }
    return 0;
  }

  private static void refuse(
      ChannelHandlerContext ctx, HttpRequest request, HttpResponseStatus status, String message) {
    String escaped = message.replace("\\", "\\\\").replace("\"", "\\\"");
    respond(ctx, request, status, "application/json", "{\"message\":\"" + escaped + "\"}");
  }

  private static void respond(
      ChannelHandlerContext ctx,
      HttpRequest request,
      HttpResponseStatus status,
      String contentType,
      String body) {
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, status, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    respond(ctx, request, response);
  }

  private static void respond(
      ChannelHandlerContext ctx, HttpRequest request, DefaultFullHttpResponse response) {
    response.headers().set("x-restate-server", SERVER);
    if (response.status().equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
      response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    HttpUtil.setContentLength(response, response.content().readableBytes());
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    response
        .headers()
        .set(
            HttpHeaderNames.CONNECTION,
            keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
    var written = ctx.writeAndFlush(response);
    if (!keepAlive) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2ResetFrame) {
      abort();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    abort();
    ctx.fireChannelInactive();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (exchange != null) {
      exchange.writabilityChanged();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("Stream {} failed", ctx.channel(), cause);
    abort();
    ctx.close().addListener(closed -> LOG.debug("Stream {} closed", ctx.channel()));
  }

  private void abort() {
    if (exchange != null) {
      exchange.aborted();
      exchange.writabilityChanged();
      exchange = null;
    }
  }
}
