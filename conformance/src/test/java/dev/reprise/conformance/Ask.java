package dev.reprise.conformance;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to a handler, in no door's accent.
 *
 * @param path service/handler, or service/key/handler
 * @param body anything that is JSON to Jackson
 * @param scope where it counts for limits
 * @param limitKey for which of them
 */
public record Ask(
    String path,
    @Nullable Object body,
    @Nullable String idempotencyKey,
    Map<String, String> headers,
    @Nullable Duration delay,
    @Nullable String scope,
    @Nullable String limitKey) {

  public static Ask of(String path, @Nullable Object body) {
    return new Ask(path, body, null, Map.of(), null, null, null);
  }

  public Ask idempotencyKey(String key) {
    return new Ask(path, body, key, headers, delay, scope, limitKey);
  }

  public Ask header(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Ask(path, body, idempotencyKey, more, delay, scope, limitKey);
  }

  public Ask delay(Duration other) {
    return new Ask(path, body, idempotencyKey, headers, other, scope, limitKey);
  }

  public Ask in(@Nullable String its, @Nullable String key) {
    return new Ask(path, body, idempotencyKey, headers, delay, its, key);
  }
}
