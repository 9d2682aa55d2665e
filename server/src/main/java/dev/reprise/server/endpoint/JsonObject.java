package dev.reprise.server.endpoint;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An object of a manifest, read member by member; what nobody asked for is an error in the end. A
 * null counts as absent.
 */
final class JsonObject {
  private final String where;
  private final JsonNode node;
  private final Set<String> asked = new HashSet<>();

  JsonObject(String where, JsonNode node) throws DiscoveryException {
    if (!node.isObject()) {
      throw DiscoveryException.unfit("Expected " + where + " to be an object, but it is not");
    }
    this.where = where;
    this.node = node;
  }

  /** Where in the manifest this is, for messages. */
  String where() {
    return where;
  }

  @Nullable JsonNode member(String name) {
    asked.add(name);
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  @Nullable String text(String name) throws DiscoveryException {
    JsonNode value = member(name);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      throw unfit(name, "a string");
    }
    return value.stringValue();
  }

  String requiredText(String name) throws DiscoveryException {
    String value = text(name);
    if (value == null) {
      throw unfit(name, "a string");
    }
    return value;
  }

  @Nullable Boolean truth(String name) throws DiscoveryException {
    JsonNode value = member(name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      throw unfit(name, "true or false");
    }
    return value.booleanValue();
  }

  @Nullable Long whole(String name) throws DiscoveryException {
    JsonNode value = member(name);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw unfit(name, "a whole number from 0 on");
    }
    return value.longValue();
  }

  @Nullable Double number(String name) throws DiscoveryException {
    JsonNode value = member(name);
    if (value == null) {
      return null;
    }
    if (!value.isNumber()) {
      throw unfit(name, "a number");
    }
    return value.doubleValue();
  }

  @Nullable Duration millis(String name) throws DiscoveryException {
    Long value = whole(name);
    return value == null ? null : Duration.ofMillis(value);
  }

  @Nullable JsonObject object(String name) throws DiscoveryException {
    JsonNode value = member(name);
    return value == null ? null : new JsonObject(where + "." + name, value);
  }

  /** The objects of a list that must be there, named by their own name where they have one. */
  List<JsonObject> objects(String name) throws DiscoveryException {
    JsonNode value = member(name);
    if (value == null || !value.isArray()) {
      throw unfit(name, "a list");
    }
    List<JsonObject> objects = new ArrayList<>();
    for (JsonNode each : value) {
      JsonNode called = each.get("name");
      String label = called != null && called.isString() ? called.stringValue() : "?";
      objects.add(new JsonObject(where + "." + name + "[" + label + "]", each));
    }
    return objects;
  }

  /** Text by name; empty when absent. */
  Map<String, String> texts(String name) throws DiscoveryException {
    JsonNode value = member(name);
    if (value == null) {
      return Map.of();
    }
    if (!value.isObject()) {
      throw unfit(name, "an object of strings");
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : value.properties()) {
      if (!each.getValue().isString()) {
        throw unfit(name + "." + each.getKey(), "a string");
      }
      texts.put(each.getKey(), each.getValue().stringValue());
    }
    return texts;
  }

  /** Nothing else may be here. */
  void requireNothingElse() throws DiscoveryException {
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      if (!asked.contains(each.getKey())) {
        throw DiscoveryException.unfit(
            "Expected only known keys in " + where + ", but got '" + each.getKey() + "'");
      }
    }
  }

  private DiscoveryException unfit(String name, String expected) {
    return DiscoveryException.unfit("Expected " + where + "." + name + " to be " + expected);
  }
}
