package dev.reprise.cluster.metadata;

import java.util.List;
import java.util.Map;

/**
 * One registered version of a service endpoint. An invocation stays on the one it began on.
 *
 * @param id {@code dp_1…}
 * @param mode how attempts are carried
 * @param sdkVersion what the endpoint called itself, empty when it said nothing
 * @param headers added to each request to it
 * @param metadata free text of whoever registered it
 * @param createdAtMillis wall time
 */
public record Deployment(
    String id,
    DeploymentAddress address,
    ProtocolMode mode,
    int minProtocolVersion,
    int maxProtocolVersion,
    String sdkVersion,
    Map<String, String> headers,
    Map<String, String> metadata,
    long createdAtMillis,
    List<ServiceRevision> services) {
  public Deployment {
    headers = Map.copyOf(headers);
    metadata = Map.copyOf(metadata);
    services = List.copyOf(services);
  }

  /** One at a network address. */
  public Deployment(
      String id,
      String uri,
      ProtocolMode mode,
      boolean http11,
      int minProtocolVersion,
      int maxProtocolVersion,
      String sdkVersion,
      Map<String, String> headers,
      Map<String, String> metadata,
      long createdAtMillis,
      List<ServiceRevision> services) {
    this(
        id,
        new DeploymentAddress.Http(uri, http11),
        mode,
        minProtocolVersion,
        maxProtocolVersion,
        sdkVersion,
        headers,
        metadata,
        createdAtMillis,
        services);
  }

  /** The same with other services. */
  Deployment with(List<ServiceRevision> others) {
    return new Deployment(
        id,
        address,
        mode,
        minProtocolVersion,
        maxProtocolVersion,
        sdkVersion,
        headers,
        metadata,
        createdAtMillis,
        others);
  }

  /** How an endpoint takes attempts. */
  public enum ProtocolMode {
    BIDI_STREAM,
    REQUEST_RESPONSE
  }
}
