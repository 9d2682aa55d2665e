package dev.reprise.server.admin;

import dev.reprise.server.http.Exchange;
import dev.reprise.server.http.Response;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a request to register says.
 *
 * @param uri base address, with a trailing slash
 * @param force null when the request leaves it to the API's version
 */
record RegisterRequest(
    URI uri,
    Map<String, String> headers,
    Map<String, String> metadata,
    boolean http11,
    boolean breaking,
    @Nullable Boolean force,
    boolean dryRun) {

  /** Reads the body. Throws {@link AdminError} as the API words it. */
  static RegisterRequest parse(Exchange exchange) {
    JsonNode json = body(exchange);
    if (json.hasNonNull("arn")) {
      throw AdminError.of(400, null, "Lambda deployments are not supported yet by this version");
    }
    if (json.hasNonNull("auth")) {
      throw AdminError.of(400, null, "auth of a deployment is not supported yet by this version");
    }
    JsonNode uri = json.get("uri");
    if (uri == null || !uri.isString()) {
      throw AdminError.form(422, "Expected a string in the field 'uri'");
    }
    return new RegisterRequest(
        uri(uri.stringValue()),
        headers(json),
        map(json, "metadata"),
        flag(json, "use_http_11"),
        flag(json, "breaking"),
        json.hasNonNull("force") ? (Boolean) flag(json, "force") : null,
        flag(json, "dry_run"));
  }

  private static JsonNode body(Exchange exchange) {
    String type = exchange.headers().get(Response.CONTENT_TYPE);
    String bare = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    boolean json = bare.equals("application/json") || bare.endsWith("+json");
    if (!json) {
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
    if (!tree.isObject()) {
      throw AdminError.form(422, "Expected a JSON object");
    }
    return tree;
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equalsIgnoreCase(uri.getScheme());
      boolean https = "https".equalsIgnoreCase(uri.getScheme());
      if ((http || https) && uri.getHost() != null) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String slash = path.endsWith("/") ? "" : "/";
        return new URI(
            uri.getScheme().toLowerCase(Locale.ROOT)
                + "://"
                + uri.getRawAuthority()
                + path
                + slash
                + query);
      }
    } catch (URISyntaxException e) {
      throw AdminError.of(400, null, "Expected an absolute URI, but " + e.getMessage());
    }
    throw AdminError.of(
        400,
        null,
        "Expected an absolute URI such as http://localhost:9080, but got '" + text + "'");
  }

  private static boolean flag(JsonNode json, String field) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw AdminError.form(422, "Expected true or false in the field '" + field + "'");
    }
    return value.booleanValue();
  }

  private static Map<String, String> headers(JsonNode json) {
    Map<String, String> headers = new LinkedHashMap<>();
    map(json, "additional_headers")
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

  private static Map<String, String> map(JsonNode json, String field) {
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
