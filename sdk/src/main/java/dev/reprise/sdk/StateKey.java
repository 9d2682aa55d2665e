package dev.reprise.sdk;

/**
 * Names one value of an object's state and says of which type it is.
 *
 * @param <T> of the value
 */
public record StateKey<T>(String name, TypeRef<T> type) {
  public static <T> StateKey<T> of(String name, Class<T> type) {
    return new StateKey<>(name, TypeRef.of(type));
  }

  public static <T> StateKey<T> of(String name, TypeRef<T> type) {
    return new StateKey<>(name, type);
  }
}
