package dev.reprise.sdk;

/**
 * A future that anyone who knows its id may complete, once: by HTTP, or from another handler.
 *
 * @param <T> of the result
 */
public interface Awakeable<T> extends DurableFuture<T> {
  /** To hand out. */
  String id();
}
