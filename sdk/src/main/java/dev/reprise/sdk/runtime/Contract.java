package dev.reprise.sdk.runtime;

import dev.reprise.sdk.Handler;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.VirtualObject;
import dev.reprise.sdk.Workflow;
import dev.reprise.sdk.runtime.ServiceDefinition.Kind;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an annotated class or interface promises: a name, a kind, and methods by handler name,
 * sorted.
 */
record Contract(Class<?> type, String name, Kind kind, TreeMap<String, Method> handlers) {
  private static final String SERVICE_NAME = "([a-zA-Z]|_[a-zA-Z0-9])[a-zA-Z0-9._-]*";
  private static final String HANDLER_NAME = "([a-zA-Z]|_[a-zA-Z0-9])[a-zA-Z0-9_]*";

  /** The contract that a type carries itself or inherits. */
  static Contract of(Class<?> type) {
    for (Class<?> candidate : withSupertypes(type)) {
      Optional<Contract> found = read(candidate);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new IllegalArgumentException(
        "Expected @Service, @VirtualObject or @Workflow on %s or an interface of it, but found none"
            .formatted(type.getName()));
  }

  private static Set<Class<?>> withSupertypes(Class<?> type) {
    var all = new LinkedHashSet<Class<?>>();
    for (Class<?> at = type; at != null; at = at.getSuperclass()) {
      all.add(at);
    }
    for (Class<?> at : Set.copyOf(all)) {
      addInterfaces(at, all);
    }
    return all;
  }

  private static void addInterfaces(Class<?> type, Set<Class<?>> all) {
    for (Class<?> it : type.getInterfaces()) {
      all.add(it);
      addInterfaces(it, all);
    }
  }

  private static Optional<Contract> read(Class<?> type) {
    if (type.isAnnotationPresent(Service.class)) {
      return Optional.of(of(type, type.getAnnotation(Service.class).value(), Kind.SERVICE));
    }
    if (type.isAnnotationPresent(VirtualObject.class)) {
      String name = type.getAnnotation(VirtualObject.class).value();
      return Optional.of(of(type, name, Kind.VIRTUAL_OBJECT));
    }
    if (type.isAnnotationPresent(Workflow.class)) {
      return Optional.of(of(type, type.getAnnotation(Workflow.class).value(), Kind.WORKFLOW));
    }
    return Optional.empty();
  }

  private static Contract of(Class<?> type, String given, Kind kind) {
    String name = given.isEmpty() ? type.getSimpleName() : given;
    requireName(name, SERVICE_NAME, type.getName());
    var handlers = new TreeMap<String, Method>();
    var methods = new LinkedHashSet<>(Set.of(type.getMethods()));
    methods.addAll(Set.of(type.getDeclaredMethods()));
    for (Method method : methods) {
      if (method.isBridge() || Modifier.isStatic(method.getModifiers())) {
        continue;
      }
      handlerName(method)
          .ifPresent(
              handler -> {
                requireName(handler, HANDLER_NAME, method.toString());
                if (handlers.put(handler, method) != null) {
                  throw new IllegalArgumentException(
                      "Expected one handler %s/%s, but there are two".formatted(name, handler));
                }
              });
    }
    if (handlers.isEmpty()) {
      throw new IllegalArgumentException(
          "Expected a method with @Handler in %s, but found none".formatted(type.getName()));
    }
    return new Contract(type, name, kind, handlers);
  }

  private static void requireName(String name, String pattern, String where) {
    if (!name.matches(pattern)) {
      throw new IllegalArgumentException(
          "Expected a name that matches %s, but %s has \"%s\"".formatted(pattern, where, name));
    }
  }

  private static Optional<String> handlerName(Method method) {
    Shared shared = method.getAnnotation(Shared.class);
    Handler handler = method.getAnnotation(Handler.class);
    if (shared == null && handler == null) {
      return Optional.empty();
    }
    String given = shared != null && !shared.value().isEmpty() ? shared.value() : "";
    if (given.isEmpty() && handler != null) {
      given = handler.value();
    }
    return Optional.of(given.isEmpty() ? method.getName() : given);
  }
}
