package dev.reprise.storage.model;

/** One virtual object, or one workflow: a service and a key. */
public record ObjectId(String service, String key) {
  @Override
  public String toString() {
    return service + "/" + key;
  }
}
