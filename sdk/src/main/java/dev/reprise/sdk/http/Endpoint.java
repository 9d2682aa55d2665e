package dev.reprise.sdk.http;

import dev.reprise.sdk.AfterFailure;
import dev.reprise.sdk.Serde;
import dev.reprise.sdk.runtime.ServiceReader;
import dev.reprise.sdk.runtime.Services;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

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
  private final Settings settings;

  private record Settings(
      Serde serde,
      long maxReplayBytes,
      int maxAttempts,
      AfterFailure onMismatch,
      List<String> identityKeys) {}

  private Endpoint(Object[] instances, Settings settings) {
    this.instances = instances;
    this.settings = settings;
  }

  /**
   * @param services objects of annotated classes; many invocations use each of them at once
   * @throws IllegalArgumentException with what was expected, when one is no service
   */
  public static Endpoint bind(Object... services) {
    return new Endpoint(
        services.clone(),
        new Settings(
            Serde.json(), DEFAULT_REPLAY_BYTES, DEFAULT_ATTEMPTS, AfterFailure.RETRY, List.of()));
  }

  private Endpoint with(Settings changed) {
    return new Endpoint(instances, changed);
  }

  /** How values become bytes; JSON by default. */
  public Endpoint serde(Serde other) {
    return with(
        new Settings(
            other,
            settings.maxReplayBytes,
            settings.maxAttempts,
            settings.onMismatch,
            settings.identityKeys));
  }

  /** How many attempts execute at once; the server is asked to come back later with more. */
  public Endpoint maxAttempts(int count) {
    return with(
        new Settings(
            settings.serde,
            settings.maxReplayBytes,
            count,
            settings.onMismatch,
            settings.identityKeys));
  }

  /** How large a journal may be, in bytes; an attempt with a larger one fails. */
  public Endpoint maxReplayBytes(long bytes) {
    return with(
        new Settings(
            settings.serde,
            bytes,
            settings.maxAttempts,
            settings.onMismatch,
            settings.identityKeys));
  }

  /**
   * What becomes of an invocation whose code no longer asks for what its journal holds; by default
   * it is retried, in case that the older code comes back.
   */
  public Endpoint onJournalMismatch(AfterFailure next) {
    return with(
        new Settings(
            settings.serde,
            settings.maxReplayBytes,
            settings.maxAttempts,
            next,
            settings.identityKeys));
  }

  /**
   * Lets in only servers that own one of these keys; everybody else gets 401.
   *
   * @param keys as the server prints them: {@code publickeyv1_…}
   */
  public Endpoint identityKeys(String... keys) {
    return with(
        new Settings(
            settings.serde,
            settings.maxReplayBytes,
            settings.maxAttempts,
            settings.onMismatch,
            List.of(keys)));
  }

  private Services services() {
    return new Services(
        Arrays.stream(instances).map(ServiceReader::read).toList(),
        settings.serde,
        settings.maxReplayBytes,
        settings.maxAttempts,
        settings.onMismatch);
  }

  private RequestIdentity identity() {
    return new RequestIdentity(settings.identityKeys, InstantSource.system());
  }

  /**
   * Starts to serve on all addresses. Returns once the port is open; the endpoint's threads keep
   * the process alive.
   *
   * @param port 0 for a free one
   * @throws IllegalArgumentException when a service, an option or a key is wrong
   * @throws IllegalStateException when the port cannot be opened
   */
  public ServingEndpoint listen(int port) {
    return ServingEndpoint.open(services(), identity(), port);
  }

  /**
   * Serves as an AWS Lambda function instead of on a port.
   *
   * @throws IllegalArgumentException when a service, an option or a key is wrong
   */
  public LambdaHandler lambda() {
    return new LambdaHandler(services(), identity());
  }
}
