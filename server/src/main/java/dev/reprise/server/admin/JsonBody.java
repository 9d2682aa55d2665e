package dev.reprise.server.admin;

import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import dev.reprise.server.text.Durations;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.StateEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A request's JSON object. Its readers throw {@link AdminError} as the API words it; fields that
 * nobody reads are ignored.
 */
final class JsonBody {
  private final JsonNode json;

  private JsonBody(JsonNode json) {
    this.json = json;
  }

  static JsonBody of(Exchange exchange) {
    JsonNode tree = tree(exchange);
    if (!tree.isObject()) {
      throw AdminError.form(422, "Expected a JSON object");
    }
    return new JsonBody(tree);
  }

  /** The objects of a request whose body is an array of them. */
  static List<JsonBody> items(Exchange exchange) {
    JsonNode tree = tree(exchange);
    if (!tree.isArray()) {
      throw AdminError.form(422, "Expected a JSON array");
    }
    List<JsonBody> items = new ArrayList<>();
    for (JsonNode item : tree) {
      if (!item.isObject()) {
        throw AdminError.form(422, "Expected only JSON objects in the array");
      }
      items.add(new JsonBody(item));
    }
    return items;
  }

  private static JsonNode tree(Exchange exchange) {
    String type = exchange.headers().get(Response.CONTENT_TYPE);
    String bare = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    boolean said = bare.equals("application/json") || bare.endsWith("+json");
    if (!said) {
      throw AdminError.form(415, "Expected request with `Content-Type: application/json`");
    }
    JsonNode tree;
    try {
      tree = AdminJson.MAPPER.readTree(exchange.bodyBytes());
    } catch (JacksonException e) {
      throw AdminError.form(
          400, "Failed to parse the request body as JSON: " + e.getOriginalMessage());
    }
    if (tree.isMissingNode()) {
      throw AdminError.form(400, "Failed to parse the request body as JSON: it is empty");
    }
    return tree;
  }

  /** The object in a field; null when it is absent. */
  @Nullable JsonBody object(String field) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isObject()) {
      throw AdminError.form(422, "Expected an object in the field '" + field + "'");
    }
    return new JsonBody(value);
  }

  /** A whole number; null when it is absent. */
  @Nullable Long number(String field, long min, long max) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.canConvertToLong()
        || !value.isIntegralNumber()
        || value.longValue() < min
        || value.longValue() > max) {
      throw AdminError.form(
          422,
          "Expected a whole number from "
              + min
              + " to "
              + max
              + " in the field '"
              + field
              + "', but got "
              + value);
    }
    return value.longValue();
  }

  boolean has(String field) {
    return json.hasNonNull(field);
  }

  /** Null when it is absent. */
  @Nullable String text(String field) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw AdminError.form(422, "Expected a string in the field '" + field + "'");
    }
    return value.stringValue();
  }

  boolean flag(String field) {
    return Boolean.TRUE.equals(optionalFlag(field));
  }

  /** Null when it is absent. */
  @Nullable Boolean optionalFlag(String field) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isBoolean()) {
      throw AdminError.form(422, "Expected true or false in the field '" + field + "'");
    }
    return value.booleanValue();
  }

  /** Null when it is absent. */
  @Nullable Duration duration(String field) {
    String text = text(field);
    try {
      return text == null ? null : Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw AdminError.form(422, field + ": " + e.getMessage());
    }
  }

  /** Names in lower case, and values; empty when there are none. */
  Map<String, String> headers(String field) {
    Map<String, String> headers = new LinkedHashMap<>();
    texts(field)
        .forEach(
            (name, value) -> {
              if (!isToken(name) || !isVisible(value)) {
                throw AdminError.form(
                    422, "Expected header names and values, but got '" + name + "'");
              }
              headers.put(name.toLowerCase(Locale.ROOT), value);
            });
    return headers;
  }

  Map<String, String> texts(String field) {
    JsonNode value = json.get(field);
    Map<String, String> map = new LinkedHashMap<>();
    if (value == null || value.isNull()) {
      return map;
    }
    if (!value.isObject()) {
      throw AdminError.form(422, "Expected an object of strings in the field '" + field + "'");
    }
    value
        .properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isString()) {
                throw AdminError.form(
                    422, "Expected a string in '" + field + "." + entry.getKey() + "'");
              }
              map.put(entry.getKey(), entry.getValue().stringValue());
            });
    return map;
  }

  /** A list of strings. */
  List<String> list(String field) {
    JsonNode value = json.get(field);
    if (value == null || !value.isArray()) {
      throw AdminError.form(422, "Expected an array of strings in the field '" + field + "'");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value) {
      if (!item.isString()) {
        throw AdminError.form(422, "Expected only strings in the field '" + field + "'");
      }
      texts.add(item.stringValue());
    }
    return texts;
  }

  /** Names and bytes: each a string, or an array of numbers from 0 to 255. */
  List<StateEntry> bytes(String field) {
    JsonNode value = json.get(field);
    if (value == null || !value.isObject()) {
      throw AdminError.form(422, "Expected an object of bytes in the field '" + field + "'");
    }
    List<StateEntry> entries = new ArrayList<>();
    value
        .properties()
        .forEach(
            entry ->
                entries.add(
                    new StateEntry(
                        Bytes.utf8(entry.getKey()),
                        bytes(field + "." + entry.getKey(), entry.getValue()))));
    return entries;
  }

  private static Bytes bytes(String field, JsonNode value) {
    if (value.isString()) {
      return Bytes.utf8(value.stringValue());
    }
    boolean fine = value.isArray();
    byte[] bytes = new byte[fine ? value.size() : 0];
    for (int i = 0; fine && i < bytes.length; i++) {
      JsonNode item = value.get(i);
      fine = item.isInt() && item.intValue() >= 0 && item.intValue() <= 255;
      bytes[i] = fine ? (byte) item.intValue() : 0;
    }
    if (!fine) {
      throw AdminError.form(
          422, "Expected a string or an array of numbers from 0 to 255 in '" + field + "'");
    }
    return Bytes.of(bytes);
  }

  private static boolean isToken(String name) {
    boolean token = !name.isEmpty();
    for (int i = 0; i < name.length() && token; i++) {
      char c = name.charAt(i);
      token = c > ' ' && c < 0x7F && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0;
    }
    return token;
  }

  private static boolean isVisible(String value) {
    return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'));
  }
}
