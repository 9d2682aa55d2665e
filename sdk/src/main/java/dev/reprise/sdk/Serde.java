package dev.reprise.sdk;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into bytes and back: inputs, outputs, state, and the results of runs. JSON by
 * default; {@code byte[]} is never touched.
 *
 * <p>Equal values must give equal bytes, because a replay compares them. Used by many threads.
 */
public interface Serde {
  byte[] serialize(@Nullable Object value);

  /**
   * @throws RuntimeException when the bytes are not a value of that type
   */
  Object deserialize(byte[] bytes, Type type);

  /** What an answer's {@code content-type} says. */
  String contentType();

  /** JSON, by Jackson. */
  static Serde json() {
    return JacksonSerde.DEFAULT;
  }
}
