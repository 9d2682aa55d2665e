package dev.reprise.sdk.runtime;

import dev.reprise.sdk.Context;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.SharedWorkflowContext;
import dev.reprise.sdk.WorkflowContext;
import dev.reprise.sdk.runtime.HandlerDefinition.Kind;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.TreeMap;

/** Reads services from annotated objects. */
public final class ServiceReader {
  private static final String RUN = "run";

  private ServiceReader() {}

  /**
   * @throws IllegalArgumentException with what was expected, when the class is no service
   */
  public static ServiceDefinition read(Object instance) {
    Contract contract = Contract.of(instance.getClass());
    if (contract.kind() == ServiceDefinition.Kind.WORKFLOW
        && !contract.handlers().containsKey(RUN)) {
      throw new IllegalArgumentException(
          "Expected a handler named run in workflow %s, but found none".formatted(contract.name()));
    }
    var handlers = new TreeMap<String, HandlerDefinition>();
    contract
        .handlers()
        .forEach((name, method) -> handlers.put(name, handler(contract, name, method)));
    return new ServiceDefinition(
        contract.name(),
        contract.kind(),
        instance,
        Collections.unmodifiableMap(handlers),
        instance.getClass().isAnnotationPresent(Options.class)
            ? instance.getClass().getAnnotation(Options.class)
            : contract.type().getAnnotation(Options.class));
  }

  private static HandlerDefinition handler(Contract contract, String name, Method method) {
    method.setAccessible(true);
    Kind kind = kind(contract, name, method);
    Class<?>[] parameters = method.getParameterTypes();
    boolean takesContext = parameters.length > 0 && Context.class.isAssignableFrom(parameters[0]);
    Class<? extends Context> given = contextOf(contract.kind(), kind);
    if (takesContext && !parameters[0].isAssignableFrom(given)) {
      throw new IllegalArgumentException(
          "Expected %s as the context of handler %s, but it takes %s"
              .formatted(given.getSimpleName(), method, parameters[0].getSimpleName()));
    }
    int inputs = parameters.length - (takesContext ? 1 : 0);
    if (inputs > 1) {
      throw new IllegalArgumentException(
          "Expected at most one input, but handler %s takes %d".formatted(method, inputs));
    }
    return new HandlerDefinition(
        name,
        kind,
        method,
        takesContext,
        inputs == 0 ? null : method.getGenericParameterTypes()[parameters.length - 1],
        method.getGenericReturnType(),
        method.getAnnotation(Options.class));
  }

  private static Kind kind(Contract contract, String name, Method method) {
    boolean shared = method.isAnnotationPresent(Shared.class);
    return switch (contract.kind()) {
      case SERVICE -> {
        if (shared) {
          throw new IllegalArgumentException(
              "Expected @Shared in a virtual object, but %s is of a service".formatted(method));
        }
        yield Kind.PLAIN;
      }
      case VIRTUAL_OBJECT -> shared ? Kind.SHARED : Kind.EXCLUSIVE;
      case WORKFLOW -> name.equals(RUN) ? Kind.WORKFLOW : Kind.SHARED;
    };
  }

  private static Class<? extends Context> contextOf(ServiceDefinition.Kind service, Kind handler) {
    return switch (handler) {
      case PLAIN -> Context.class;
      case SHARED ->
          service == ServiceDefinition.Kind.WORKFLOW
              ? SharedWorkflowContext.class
              : SharedObjectContext.class;
      case EXCLUSIVE -> ObjectContext.class;
      case WORKFLOW -> WorkflowContext.class;
    };
  }
}
