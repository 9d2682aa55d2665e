package dev.reprise.sdk.http;

import dev.reprise.sdk.AfterFailure;
import dev.reprise.sdk.Serde;
import dev.reprise.sdk.runtime.ServiceReader;
import dev.reprise.sdk.runtime.Services;
import java.util.Arrays;

/**
 * Serves annotated objects to a server:
 *
 * <pre>{@code
 * Endpoint.bind(new Greeter()).listen(9080);
 * }</pre>
 */
public final class Endpoint {
  private static final long DEFAULT_REPLAY_BYTES = 256L * 1024 * 1024;
  private static final int DEFAULT_ATTEMPTS = 10_000;

  private final Object[] instances;
  private final Serde serde;
  private final long maxReplayBytes;
  private final int maxAttempts;
  private final AfterFailure onMismatch;

  private Endpoint(
      Object[] instances,
      Serde serde,
      long maxReplayBytes,
      int maxAttempts,
      AfterFailure onMismatch) {
    this.instances = instances;
    this.serde = serde;
    this.maxReplayBytes = maxReplayBytes;
    this.maxAttempts = maxAttempts;
    this.onMismatch = onMismatch;
  }

  /**
   * @param services objects of annotated classes; many invocations use each of them at once
   * @throws IllegalArgumentException with what was expected, when one is no service
   */
  public static Endpoint bind(Object... services) {
    return new Endpoint(
        services.clone(), Serde.json(), DEFAULT_REPLAY_BYTES, DEFAULT_ATTEMPTS, AfterFailure.RETRY);
  }

  /** How values become bytes; JSON by default. */
  public Endpoint serde(Serde other) {
    return new Endpoint(instances, other, maxReplayBytes, maxAttempts, onMismatch);
  }

  /** How many attempts execute at once; the server is asked to come back later with more. */
  public Endpoint maxAttempts(int count) {
    return new Endpoint(instances, serde, maxReplayBytes, count, onMismatch);
  }

  /** How large a journal may be, in bytes; an attempt with a larger one fails. */
  public Endpoint maxReplayBytes(long bytes) {
    return new Endpoint(instances, serde, bytes, maxAttempts, onMismatch);
  }

  /**
   * What becomes of an invocation whose code no longer asks for what its journal holds; by default
   * it is retried, in case that the older code comes back.
   */
  public Endpoint onJournalMismatch(AfterFailure next) {
    return new Endpoint(instances, serde, maxReplayBytes, maxAttempts, next);
  }

  /**
   * Starts to serve on all addresses. Returns once the port is open; the endpoint's threads keep
   * the process alive.
   *
   * @param port 0 for a free one
   * @throws IllegalStateException when the port cannot be opened
   */
  public ServingEndpoint listen(int port) {
    var definitions = Arrays.stream(instances).map(ServiceReader::read).toList();
    return ServingEndpoint.open(
        new Services(definitions, serde, maxReplayBytes, maxAttempts, onMismatch), port);
  }
}
