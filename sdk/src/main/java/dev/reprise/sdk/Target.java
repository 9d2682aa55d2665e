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
 * @param scope where limits count; needs service protocol 7 and a server that has them
 * @param limitKey which limit of the scope counts
 */
public record Target(
    String service,
    String key,
    String handler,
    @Nullable String idempotencyKey,
    Map<String, String> headers,
    @Nullable String scope,
    @Nullable String limitKey) {

  public Target {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    requireText(idempotencyKey, "an idempotency key");
    requireText(scope, "a scope");
    requireText(limitKey, "a limit key");
  }

  private static void requireText(@Nullable String value, String what) {
    if (value != null && value.isEmpty()) {
      throw new IllegalArgumentException("Expected " + what + ", but it is empty");
    }
  }

  public static Target service(String service, String handler) {
    return object(service, "", handler);
  }

  /** A handler of a virtual object or workflow. */
  public static Target object(String object, String key, String handler) {
    return new Target(object, key, handler, null, Map.of(), null, null);
  }

  public Target handler(String other) {
    return new Target(service, key, other, idempotencyKey, headers, scope, limitKey);
  }

  public Target idempotencyKey(String idempotencyKey) {
    return new Target(service, key, handler, idempotencyKey, headers, scope, limitKey);
  }

  public Target header(String name, String value) {
    var all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new Target(service, key, handler, idempotencyKey, all, scope, limitKey);
  }

  public Target scope(String scope) {
    return new Target(service, key, handler, idempotencyKey, headers, scope, limitKey);
  }

  public Target limitKey(String limitKey) {
    return new Target(service, key, handler, idempotencyKey, headers, scope, limitKey);
  }
}
