package dev.reprise.cli;

import com.google.protobuf.ByteString;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** State as a person reads and writes it: JSON where it is JSON, base 64 where it is not. */
final class StateText {
  private static final String BASE64 = "base64";
  private static final JsonMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private StateText() {}

  /** What these bytes are: JSON that is written back as the same bytes, or else base 64. */
  static JsonNode value(ByteString bytes) {
    try {
      JsonNode json = STRICT.readTree(bytes.toByteArray());
      boolean same = ByteString.copyFromUtf8(STRICT.writeValueAsString(json)).equals(bytes);
      if (!json.isMissingNode() && same && !isBase64(json)) {
        return json;
      }
    } catch (JacksonException e) {
      // Something else.
    }
    return Output.JSON
        .createObjectNode()
        .put(BASE64, Base64.getEncoder().encodeToString(bytes.toByteArray()));
  }

  /** A value that was typed. */
  static JsonNode value(String name, String text) {
    try {
      JsonNode json = STRICT.readTree(text);
      if (!json.isMissingNode()) {
        return json;
      }
    } catch (JacksonException e) {
      // Said below.
    }
    throw new CliException(
        CliException.USAGE,
        "Expected JSON for '" + name + "', but got: " + text,
        "quote a text, such as --set '" + name + "=\"text\"'");
  }

  static ByteString bytes(String name, JsonNode value) {
    if (!isBase64(value)) {
      return ByteString.copyFromUtf8(STRICT.writeValueAsString(value));
    }
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(value.get(BASE64).stringValue()));
    } catch (IllegalArgumentException e) {
      throw new CliException(
          CliException.USAGE,
          "Expected base 64 for '" + name + "', but it is none",
          "write it as {\"base64\":\"...\"}, or as JSON");
    }
  }

  static ObjectNode object(Map<String, JsonNode> state) {
    ObjectNode object = Output.JSON.createObjectNode();
    state.forEach(object::set);
    return object;
  }

  /** A whole state that was typed. */
  static Map<String, JsonNode> parse(String text) {
    JsonNode json = value("state", text);
    if (!json.isObject()) {
      throw new CliException(
          CliException.USAGE,
          "Expected a JSON object for the state, but got something else",
          "write {} to forget it");
    }
    Map<String, JsonNode> state = new TreeMap<>();
    json.properties().forEach(entry -> state.put(entry.getKey(), entry.getValue()));
    return state;
  }

  static String line(JsonNode value) {
    return STRICT.writeValueAsString(value);
  }

  private static boolean isBase64(JsonNode json) {
    return json.isObject() && json.size() == 1 && json.path(BASE64).isString();
  }
}
