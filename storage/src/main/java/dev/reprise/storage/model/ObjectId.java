package dev.reprise.storage.model;

/**
 * One virtual object, or one workflow: a service and a key.
 *
 * @param scope that it belongs to: the same key in another scope is another one; empty where it has
 *     none
 */
public record ObjectId(String service, String key, String scope) {
  public ObjectId(String service, String key) {
    this(service, key, "");
  }

  @Override
  public String toString() {
    return scope.isEmpty() ? service + "/" + key : scope + ":" + service + "/" + key;
  }
}
