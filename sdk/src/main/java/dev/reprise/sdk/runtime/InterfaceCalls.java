package dev.reprise.sdk.runtime;

import dev.reprise.sdk.Context;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns calls of an annotated interface's methods into names of handlers and their inputs. Safe for
 * use by many threads.
 *
 * @param <S> the interface
 */
public final class InterfaceCalls<S> {
  private final Class<S> type;
  private final Contract contract;

  /** One call: which handler, with what, and what it answers. */
  public record Recorded(String handler, @Nullable Object input, Type outputType) {}

  private InterfaceCalls(Class<S> type, Contract contract) {
    this.type = type;
    this.contract = contract;
  }

  /** Throws {@link IllegalArgumentException} when the type is not an annotated interface. */
  public static <S> InterfaceCalls<S> of(Class<S> type) {
    if (!type.isInterface()) {
      throw new IllegalArgumentException(
          "Expected an interface, but %s is a class: call it with a Target of its names"
              .formatted(type.getName()));
    }
    return new InterfaceCalls<>(type, Contract.of(type));
  }

  /** The service's name. */
  public String service() {
    return contract.name();
  }

  /** Finds out which handler the function calls, and with what. */
  public Recorded record(Consumer<S> handler) {
    var found = new Recorded[1];
    handler.accept(
        proxy(
            recorded -> {
              if (found[0] != null) {
                throw new IllegalStateException(
                    "Expected one call of %s, but got two".formatted(type.getSimpleName()));
              }
              found[0] = recorded;
              return null;
            }));
    if (found[0] == null) {
      throw new IllegalStateException(
          "Expected a call of %s, but got none".formatted(type.getSimpleName()));
    }
    return found[0];
  }

  /** An object of the interface whose methods do this. */
  public S proxy(Function<Recorded, @Nullable Object> whenCalled) {
    InvocationHandler handler =
        (self, method, arguments) -> {
          if (method.getDeclaringClass() == Object.class) {
            return ofObject(self, method, arguments);
          }
          Object result = whenCalled.apply(recorded(method, arguments));
          return result == null ? placeholder(method.getReturnType()) : result;
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private Recorded recorded(Method method, Object @Nullable [] arguments) {
    String handler =
        contract.handlers().entrySet().stream()
            .filter(it -> it.getValue().equals(method))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Expected a method with @Handler, but called " + method));
    if (takesMoreThanInput(method)) {
      throw new IllegalArgumentException(
          "Expected a handler whose only parameter is its input, but called " + method);
    }
    return new Recorded(
        handler, arguments == null ? null : arguments[0], method.getGenericReturnType());
  }

  private static boolean takesMoreThanInput(Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    return parameters.length > 1
        || (parameters.length == 1 && Context.class.isAssignableFrom(parameters[0]));
  }

  private Object ofObject(Object self, Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && self == arguments[0];
      case "hashCode" -> System.identityHashCode(self);
      default -> "client of " + contract.name();
    };
  }

  /** A primitive cannot be null. */
  private static @Nullable Object placeholder(Class<?> type) {
    return type.isPrimitive() && type != void.class
        ? java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0)
        : null;
  }
}
