package dev.reprise.server.endpoint;

import dev.reprise.storage.model.Bytes;
import java.util.concurrent.CompletableFuture;

/**
 * The way to functions that are not on the network: they take a whole request and answer once. Any
 * thread; must not block.
 */
@FunctionalInterface
public interface Functions {
  /** There is none. */
  Functions NONE =
      (request, body) ->
          CompletableFuture.failedFuture(
              new UnsupportedOperationException("this node calls no functions"));

  /**
   * Calls.
   *
   * @param request to an {@link EndpointAddress.Function}
   * @return completed on any thread; fails with a message for a person
   */
  CompletableFuture<Answer> call(EndpointRequest request, Bytes body);

  /** What a function answered. */
  record Answer(ResponseHead head, Bytes body) {}
}
