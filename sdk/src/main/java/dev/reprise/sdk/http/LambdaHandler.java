package dev.reprise.sdk.http;

import dev.reprise.sdk.core.ProtocolMessage;
import dev.reprise.sdk.runtime.Attempt;
import dev.reprise.sdk.runtime.Manifest;
import dev.reprise.sdk.runtime.Manifest.Mode;
import dev.reprise.sdk.runtime.Services;
import dev.reprise.sdk.runtime.Transport;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves an endpoint as an AWS Lambda function: each invocation of the function is one request, its
 * event says what for. A class of yours hands over what Lambda gives it, and needs no library:
 *
 * <pre>{@code
 * public class Function {
 *   private static final LambdaHandler LAMBDA = Endpoint.bind(new Greeter()).lambda();
 *
 *   public void handle(InputStream event, OutputStream answer) throws IOException {
 *     LAMBDA.handle(event, answer);
 *   }
 * }
 * }</pre>
 *
 * Safe for use by many threads; each call blocks until its attempt has ended or suspended.
 */
public final class LambdaHandler {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Services services;
  private final RequestIdentity identity;

  LambdaHandler(Services services, RequestIdentity identity) {
    this.services = services;
    this.identity = identity;
  }

  /** One answer of HTTP. */
  @SuppressWarnings("ArrayRecordComponent") // Written once, compared never.
  private record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer refusal(int status, String message) {
      return new Answer(
          status,
          Map.of("content-type", "application/json"),
          JSON.writeValueAsBytes(Map.of("message", message)));
    }
  }

  /** Throws only when the streams do; a bad event is answered with an error. */
  public void handle(InputStream event, OutputStream answer) throws IOException {
    Answer given = answer(event.readAllBytes());
    var headers = new LinkedHashMap<>(given.headers());
    headers.put("x-restate-server", RequestHandler.SERVER);
    var json = new LinkedHashMap<String, Object>();
    json.put("statusCode", given.status());
    json.put("headers", headers);
    json.put("body", Base64.getEncoder().encodeToString(given.body()));
    json.put("isBase64Encoded", true);
    answer.write(JSON.writeValueAsBytes(json));
  }

  private Answer answer(byte[] event) {
    JsonNode json;
    byte[] body;
    try {
      json = JSON.readTree(event);
      body = body(json);
    } catch (JacksonException | IllegalArgumentException e) {
      return Answer.refusal(400, "Expected an event with a body, but " + e.getMessage());
    }
    var headers = new LinkedHashMap<String, String>();
    json.path("headers")
        .properties()
        .forEach(
            it -> headers.put(it.getKey().toLowerCase(Locale.ROOT), it.getValue().asString("")));
    String method = json.path("httpMethod").asString("");
    if (method.isEmpty()) {
      method = json.path("requestContext").path("http").path("method").asString("");
    }
    Route route = Route.of(method, json.path("path").asString(json.path("rawPath").asString("")));
    String problem = identity.problem(route, headers::get);
    if (problem != null) {
      return Answer.refusal(401, problem);
    }
    return switch (route) {
      case Route.Health health ->
          new Answer(
              200, Map.of("content-type", "text/plain"), "OK".getBytes(StandardCharsets.US_ASCII));
      case Route.Discover discover -> discover(headers.get("accept"));
      case Route.Invoke invoke -> invoke(invoke, headers.getOrDefault("content-type", ""), body);
      case Route.Unknown unknown -> Answer.refusal(404, unknown.message());
    };
  }

  private static byte[] body(JsonNode event) {
    String text = event.path("body").asString("");
    return event.path("isBase64Encoded").asBoolean(false)
        ? Base64.getDecoder().decode(text)
        : text.getBytes(StandardCharsets.UTF_8);
  }

  private Answer discover(@Nullable String accept) {
    int version = Manifest.negotiate(accept == null ? List.of() : List.of(accept));
    if (version == 0) {
      return Answer.refusal(415, RequestHandler.unknownManifest(accept));
    }
    return new Answer(
        200,
        Map.of("content-type", Manifest.contentType(version)),
        services.manifest(version, Mode.REQUEST_RESPONSE));
  }

  private Answer invoke(Route.Invoke invoke, String contentType, byte[] body) {
    if (services.find(invoke.service(), invoke.handler()).isEmpty()) {
      return Answer.refusal(404, RequestHandler.unknownHandler(invoke));
    }
    int version = RequestHandler.protocolVersion(contentType);
    if (version == 0) {
      return Answer.refusal(415, RequestHandler.unknownProtocol(contentType));
    }
    var collected = new Collected();
    Attempt attempt =
        services.prepare(invoke.service(), invoke.handler(), version, collected).orElse(null);
    if (attempt == null) {
      return Answer.refusal(503, RequestHandler.TOO_MANY);
    }
    attempt.start();
    feed(attempt, body);
    try {
      collected.ended.await();
    } catch (InterruptedException e) {
      attempt.abort();
      Thread.currentThread().interrupt();
      return Answer.refusal(503, "Expected the attempt to end, but it was interrupted");
    }
    return new Answer(200, Map.of("content-type", contentType), collected.bytes());
  }

  private static void feed(Attempt attempt, byte[] body) {
    var frames = new Frames();
    String error =
        frames.feed(
            Unpooled.wrappedBuffer(body), UnpooledByteBufAllocator.DEFAULT, attempt::receive);
    if (error != null) {
      attempt.unreadable(error);
    } else if (frames.isIncomplete()) {
      attempt.unreadable("Expected a whole frame, but the request ended in the middle of one");
    } else {
      attempt.inputEnded();
    }
    frames.close();
  }

  /** Keeps what an attempt writes until its end. */
  private static final class Collected implements Transport {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final CountDownLatch ended = new CountDownLatch(1);

    byte[] bytes() {
      return written.toByteArray();
    }

    @Override
    public void send(List<ProtocolMessage> messages) {
      var frames = Frames.encode(messages, UnpooledByteBufAllocator.DEFAULT);
      written.writeBytes(ByteBufUtil.getBytes(frames));
      frames.release();
    }

    @Override
    public void consumed(int bytes) {}

    @Override
    public void end() {
      ended.countDown();
    }
  }
}
