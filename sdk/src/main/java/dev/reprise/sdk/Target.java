package dev.reprise.sdk;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whom to call, by name: for services that have no Java interface at hand.
 *
 * @param key of the object or workflow, empty for a service
 * @param idempotencyKey calls with the same one reach the same invocation
 */
public record Target(
    String service,
    String key,
    String handler,
    @Nullable String idempotencyKey,
    Map<String, String> headers) {

  public Target {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  public static Target service(String service, String handler) {
    return new Target(service, "", handler, null, Map.of());
  }

  /** A handler of a virtual object or workflow. */
  public static Target object(String object, String key, String handler) {
    return new Target(object, key, handler, null, Map.of());
  }

  public Target idempotencyKey(String idempotencyKey) {
    if (idempotencyKey.isEmpty()) {
      throw new IllegalArgumentException("Expected an idempotency key, but it is empty");
    }
    return new Target(service, key, handler, idempotencyKey, headers);
  }

  public Target header(String name, String value) {
    var all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new Target(service, key, handler, idempotencyKey, all);
  }
}
