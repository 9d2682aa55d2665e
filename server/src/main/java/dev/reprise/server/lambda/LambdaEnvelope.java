package dev.reprise.server.lambda;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import dev.reprise.server.endpoint.EndpointRequest;
import dev.reprise.server.endpoint.Functions.Answer;
import dev.reprise.server.endpoint.ResponseHead;
import dev.reprise.storage.model.Bytes;
import io.netty.util.AsciiString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request and its response as JSON, which is all that a function takes and gives. Stateless; any
 * thread.
 */
final class LambdaEnvelope {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int LEVEL = 3;

  /** More than a function can answer, packed or not. */
  private static final int BODY_LIMIT = 128 << 20;

  private final int compressFrom;

  /**
   * @param compressFrom bytes of a body from which on it is compressed, where that is understood
   */
  LambdaEnvelope(int compressFrom) {
    this.compressFrom = compressFrom;
  }

  /** The payload of a call. */
  byte[] wrap(EndpointRequest request, byte[] body, boolean zstd) {
    Map<String, String> headers = new LinkedHashMap<>();
    AsciiString[] all = request.headers();
    for (int i = 0; i < all.length; i += 2) {
      headers.merge(all[i].toString(), all[i + 1].toString(), (one, other) -> one + "," + other);
    }
    byte[] packed = body;
    if (zstd) {
      headers.put("accept-encoding", "zstd");
      if (body.length >= compressFrom) {
        packed = Zstd.compress(body, LEVEL);
        headers.put("content-encoding", "zstd");
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(packed.length / 3 * 4 + 1024);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringProperty("path", request.own().toString());
      json.writeStringProperty("httpMethod", request.method().toString());
      json.writeObjectPropertyStart("headers");
      headers.forEach(json::writeStringProperty);
      json.writeEndObject();
      json.writeName("body");
      json.writeBinary(packed);
      json.writeBooleanProperty("isBase64Encoded", true);
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /** What a function answered. */
  Answer unwrap(byte[] payload) throws FunctionException {
    JsonNode json;
    try {
      json = JSON.readTree(payload);
    } catch (JacksonException e) {
      throw new FunctionException(
          "Expected a function's answer in JSON, but: " + e.getOriginalMessage());
    }
    JsonNode status = json.path("statusCode");
    if (!status.isInt()) {
      throw new FunctionException("Expected a statusCode in a function's answer, but got none");
    }
    Map<String, String> headers = headers(json.path("headers"));
    byte[] body = body(json);
    if ("zstd".equalsIgnoreCase(headers.get("content-encoding"))) {
      body = unpacked(body);
    }
    ResponseHead head =
        new ResponseHead(
            status.intValue(),
            headers.get("content-type"),
            headers.get("retry-after"),
            headers.get("x-restate-server"));
    return new Answer(head, Bytes.of(body));
  }

  private static Map<String, String> headers(JsonNode json) throws FunctionException {
    Map<String, String> headers = new HashMap<>();
    for (Map.Entry<String, JsonNode> each : json.properties()) {
      if (!each.getValue().isString()) {
        throw new FunctionException(
            "Expected text in the header '" + each.getKey() + "' of a function's answer");
      }
      headers.put(each.getKey().toLowerCase(Locale.ROOT), each.getValue().stringValue());
    }
    return headers;
  }

  private static byte[] body(JsonNode json) throws FunctionException {
    JsonNode body = json.path("body");
    if (body.isMissingNode() || body.isNull()) {
      return new byte[0];
    }
    if (!body.isString()) {
      throw new FunctionException("Expected text in the body of a function's answer");
    }
    if (!json.path("isBase64Encoded").asBoolean(false)) {
      return body.stringValue().getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Base64.getDecoder().decode(body.stringValue());
    } catch (IllegalArgumentException e) {
      throw new FunctionException("Expected base64 in the body of a function's answer");
    }
  }

  private static byte[] unpacked(byte[] packed) throws FunctionException {
    try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(packed))) {
      byte[] body = in.readNBytes(BODY_LIMIT + 1);
      if (body.length > BODY_LIMIT) {
        throw new FunctionException(
            "Expected a function's answer of at most " + BODY_LIMIT + " bytes, but it is longer");
      }
      return body;
    } catch (IOException e) {
      throw new FunctionException(
          "Expected zstd in the body of a function's answer, but: " + e.getMessage());
    }
  }
}
