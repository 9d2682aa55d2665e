package dev.reprise.sdk.runtime;

import dev.reprise.sdk.Options;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * One handler of a service.
 *
 * @param takesContext whether the method's first parameter is a context
 * @param inputType null when it takes none
 */
public record HandlerDefinition(
    String name,
    Kind kind,
    Method method,
    boolean takesContext,
    @Nullable Type inputType,
    Type outputType,
    @Nullable Options options) {

  /** Who may run beside it. */
  public enum Kind {
    PLAIN,
    EXCLUSIVE,
    SHARED,
    WORKFLOW
  }

  /** Throws whatever the method throws. */
  @Nullable Object invoke(Object instance, Object context, @Nullable Object input)
      throws Throwable {
    try {
      if (inputType == null) {
        return takesContext ? method.invoke(instance, context) : method.invoke(instance);
      }
      return takesContext
          ? method.invoke(instance, context, input)
          : method.invoke(instance, input);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
