package dev.reprise.sdk;

import org.jspecify.annotations.Nullable;

/**
 * What an invocation has returned so far.
 *
 * @param isReady whether it has ended
 * @param value null when it has not, or returned nothing
 * @param <T> of the value
 */
public record Output<T>(boolean isReady, @Nullable T value) {
  public static <T> Output<T> notReady() {
    return new Output<>(false, null);
  }

  public static <T> Output<T> of(@Nullable T value) {
    return new Output<>(true, value);
  }
}
