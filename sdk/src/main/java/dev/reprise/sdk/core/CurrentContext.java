package dev.reprise.sdk.core;

import org.jspecify.annotations.Nullable;

/** The context of the handler that runs on this thread: each attempt has a thread of its own. */
public final class CurrentContext {
  private static final ThreadLocal<@Nullable Object> CURRENT = new ThreadLocal<>();

  private CurrentContext() {}

  public static void set(Object context) {
    CURRENT.set(context);
  }

  public static void clear() {
    CURRENT.remove();
  }

  /** Throws {@link IllegalStateException} outside of a handler, or in one of another kind. */
  public static <C> C get(Class<C> kind) {
    Object context = CURRENT.get();
    if (!kind.isInstance(context)) {
      throw new IllegalStateException(
          "Expected to run in a handler that has a %s, but %s"
              .formatted(
                  kind.getSimpleName(),
                  context == null
                      ? "no handler runs on this thread"
                      : "this handler's service does not offer one"));
    }
    return kind.cast(context);
  }
}
