package dev.reprise.sdk.client;

import dev.reprise.sdk.TerminalException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server's answers mean. */
final class Answers {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int SUCCESS = 2;
  private static final int NOT_READY = 470;
  private static final int SHOWN = 500;

  private Answers() {}

  static boolean isNotReady(HttpResponse<byte[]> answer) {
    return answer.statusCode() == NOT_READY && !isOfInvocation(answer.headers());
  }

  /** The body of a success; a failure is thrown. */
  static byte[] success(HttpResponse<byte[]> answer) {
    // A terminal failure may carry any code, also one of success.
    if (answer.statusCode() / 100 != SUCCESS || isOfInvocation(answer.headers())) {
      throw failure(answer);
    }
    return answer.body();
  }

  private static boolean isOfInvocation(HttpHeaders headers) {
    return headers.firstValue("x-restate-error-source").orElse("").equals("invocation");
  }

  private static RuntimeException failure(HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    JsonNode json;
    try {
      json = JSON.readTree(answer.body());
    } catch (JacksonException e) {
      json = JSON.missingNode();
    }
    String message =
        json.path("message").isString()
            ? json.path("message").stringValue()
            : text.substring(0, Math.min(text.length(), SHOWN));
    if (!isOfInvocation(answer.headers())) {
      return new IngressException(status, message, null);
    }
    int code = json.path("code").isInt() ? json.path("code").intValue() : status;
    return new TerminalException(code, message, metadata(json.path("metadata")));
  }

  private static Map<String, String> metadata(JsonNode json) {
    var metadata = new HashMap<String, String>();
    json.properties().forEach(it -> metadata.put(it.getKey(), it.getValue().asString("")));
    return metadata;
  }

  static Submission submission(HttpResponse<byte[]> answer) {
    JsonNode json = read(success(answer));
    return new Submission(
        text(json, "invocationId"),
        !text(json, "status").equals("PreviouslyAccepted"),
        json.has("executionTime")
            ? Optional.of(time(text(json, "executionTime")))
            : Optional.empty());
  }

  static String invocationId(HttpResponse<byte[]> answer) {
    return text(read(success(answer)), "invocationId");
  }

  private static JsonNode read(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new IngressException(
          IngressException.NONE, "Expected a JSON answer, but " + e.getOriginalMessage(), e);
    }
  }

  private static String text(JsonNode json, String name) {
    if (!json.path(name).isString()) {
      throw new IngressException(
          IngressException.NONE,
          "Expected %s in the answer, but got %s".formatted(name, json),
          null);
    }
    return json.path(name).stringValue();
  }

  private static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new IngressException(
          IngressException.NONE, "Expected a time in the answer, but got " + text, e);
    }
  }
}
