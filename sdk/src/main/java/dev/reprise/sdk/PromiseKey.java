package dev.reprise.sdk;

/**
 * Names a promise of a workflow and says of which type its value is.
 *
 * @param <T> of the value
 */
public record PromiseKey<T>(String name, TypeRef<T> type) {
  public PromiseKey {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("Expected a promise's name, but it is empty");
    }
  }

  public static <T> PromiseKey<T> of(String name, Class<T> type) {
    return new PromiseKey<>(name, TypeRef.of(type));
  }

  public static <T> PromiseKey<T> of(String name, TypeRef<T> type) {
    return new PromiseKey<>(name, type);
  }
}
