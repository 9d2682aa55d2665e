package dev.reprise.sdk.runtime;

import dev.reprise.sdk.Context;
import dev.reprise.sdk.DurableFuture;
import dev.reprise.sdk.InvocationHandle;
import dev.reprise.sdk.Remote;
import dev.reprise.sdk.Target;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Calls through an annotated interface. */
final class RemoteClient<S> implements Remote<S> {
  private final AttemptContext context;
  private final Contract contract;
  private final Class<S> type;

  /** Key, idempotency key and headers count; the handler is a placeholder. */
  private final Target options;

  private record Recorded(Target target, @Nullable Object input, Type outputType) {}

  private RemoteClient(AttemptContext context, Contract contract, Class<S> type, Target options) {
    this.context = context;
    this.contract = contract;
    this.type = type;
    this.options = options;
  }

  static <S> RemoteClient<S> of(AttemptContext context, Class<S> type, String key) {
    if (!type.isInterface()) {
      throw new IllegalArgumentException(
          "Expected an interface, but %s is a class: call it with Target.of its names"
              .formatted(type.getName()));
    }
    Contract contract = Contract.of(type);
    return new RemoteClient<>(context, contract, type, Target.object(contract.name(), key, ""));
  }

  static <S> S blocking(AttemptContext context, Class<S> type, String key) {
    RemoteClient<S> client = of(context, type, key);
    return client.proxy(
        recorded ->
            context.callAsync(recorded.target(), recorded.input(), recorded.outputType()).await());
  }

  @Override
  public Remote<S> idempotencyKey(String idempotencyKey) {
    return new RemoteClient<>(context, contract, type, options.idempotencyKey(idempotencyKey));
  }

  @Override
  public Remote<S> header(String name, String value) {
    return new RemoteClient<>(context, contract, type, options.header(name, value));
  }

  @Override
  public <T> T call(Function<S, T> handler) {
    return callAsync(handler).await();
  }

  @Override
  public <T> DurableFuture<T> callAsync(Function<S, T> handler) {
    Recorded recorded =
        record(
            client -> {
              var ignored = handler.apply(client);
            });
    return context.callAsync(recorded.target(), recorded.input(), recorded.outputType());
  }

  @Override
  public InvocationHandle send(Consumer<S> handler) {
    return send(Duration.ZERO, handler);
  }

  @Override
  public InvocationHandle send(Duration delay, Consumer<S> handler) {
    Recorded recorded = record(handler);
    return context.send(recorded.target(), recorded.input(), delay);
  }

  /** Finds out which handler the function calls, and with what. */
  private Recorded record(Consumer<S> handler) {
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

  private S proxy(Function<Recorded, @Nullable Object> whenCalled) {
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
    var target =
        new Target(
            options.service(), options.key(), handler, options.idempotencyKey(), options.headers());
    return new Recorded(
        target, arguments == null ? null : arguments[0], method.getGenericReturnType());
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
