package dev.reprise.storage.model;

/**
 * What is invoked: a handler of a service and, for a virtual object or workflow, its key. An
 * unkeyed target has the empty key.
 */
public record InvocationTarget(String service, String key, String handler, HandlerKind kind) {
  public InvocationTarget {
    if (!kind.keyed() && !key.isEmpty()) {
      throw new IllegalArgumentException(
          "Expected no key for " + service + "/" + handler + ", but got one");
    }
  }

  /** The object or workflow instance this addresses. Only for keyed targets. */
  public ObjectId object() {
    return new ObjectId(service, key);
  }

  @Override
  public String toString() {
    return kind.keyed() ? service + "/" + key + "/" + handler : service + "/" + handler;
  }
}
