package dev.reprise.storage.model;

/**
 * What is invoked: a handler of a service and, for a virtual object or workflow, its key. An
 * unkeyed target has the empty key.
 *
 * @param scope where the call counts for limits, and part of what it means: a workflow of the same
 *     key in another scope is another one; empty where it has none
 */
public record InvocationTarget(
    String service, String key, String handler, HandlerKind kind, String scope) {
  public InvocationTarget {
    if (!kind.keyed() && !key.isEmpty()) {
      throw new IllegalArgumentException(
          "Expected no key for " + service + "/" + handler + ", but got one");
    }
  }

  public InvocationTarget(String service, String key, String handler, HandlerKind kind) {
    this(service, key, handler, kind, "");
  }

  public boolean scoped() {
    return !scope.isEmpty();
  }

  /** The object or workflow instance this addresses. Only for keyed targets. */
  public ObjectId object() {
    return new ObjectId(service, key, scope);
  }

  @Override
  public String toString() {
    return kind.keyed() ? service + "/" + key + "/" + handler : service + "/" + handler;
  }
}
