package dev.reprise.server.endpoint;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.DeploymentAddress;
import dev.reprise.cluster.partition.Loop;
import dev.reprise.server.endpoint.StreamFailure.Kind;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Asks endpoints what they serve. Any thread; the work is done on one loop. */
public final class EndpointDiscovery {
  static final Set<String> MANIFEST_TYPES =
      Set.of(
          "application/vnd.restate.endpointmanifest.v1+json",
          "application/vnd.restate.endpointmanifest.v2+json",
          "application/vnd.restate.endpointmanifest.v3+json",
          "application/vnd.restate.endpointmanifest.v4+json");

  private static final AsciiString ACCEPT =
      AsciiString.cached(
          "application/vnd.restate.endpointmanifest.v1+json,"
              + " application/vnd.restate.endpointmanifest.v2+json,"
              + " application/vnd.restate.endpointmanifest.v3+json,"
              + " application/vnd.restate.endpointmanifest.v4+json");
  private static final AsciiString DISCOVER = AsciiString.cached("/discover");
  private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(408, 429, 500, 502, 503, 504);
  private static final int TRIES = 4;
  private static final Duration FIRST_DELAY = Duration.ofMillis(100);
  private static final Duration PER_TRY = Duration.ofSeconds(30);

  private final Endpoints endpoints;
  private final Loop loop;
  private final String clusterName;

  /**
   * @param loop the one of the endpoints
   */
  public EndpointDiscovery(Endpoints endpoints, Loop loop, String clusterName) {
    this.endpoints = endpoints;
    this.loop = loop;
    this.clusterName = clusterName;
  }

  /**
   * What the endpoint at this address serves.
   *
   * @param headers added to the request
   * @return fails with {@link DiscoveryException}; completed on the loop, which must not be blocked
   */
  public CompletableFuture<Discovered> discover(DeploymentAddress at, Map<String, String> headers) {
    CompletableFuture<Discovered> answer = new CompletableFuture<>();
    EndpointAddress address;
    try {
      address = EndpointAddress.of(at);
    } catch (IllegalArgumentException e) {
      answer.completeExceptionally(DiscoveryException.refused(String.valueOf(e.getMessage())));
      return answer;
    }
    EndpointRequest request = request(address, headers);
    loop.execute(() -> ask(request, 1, answer));
    return answer;
  }

  private EndpointRequest request(EndpointAddress address, Map<String, String> headers) {
    List<AsciiString> all = new ArrayList<>();
    all.addAll(List.of(AsciiString.cached("accept"), ACCEPT));
    all.add(AsciiString.cached("x-restate-cluster-name"));
    all.add(AsciiString.of(clusterName));
    headers.forEach(
        (name, value) -> {
          all.add(AsciiString.of(name.toLowerCase(Locale.ROOT)));
          all.add(AsciiString.of(value));
        });
    return new EndpointRequest(
        address, EndpointRequest.GET, DISCOVER, "", all.toArray(AsciiString[]::new));
  }

  private void ask(EndpointRequest request, int number, CompletableFuture<Discovered> answer) {
    DiscoveryExchange exchange =
        new DiscoveryExchange(outcome -> asked(request, number, answer, outcome));
    exchange.begin(endpoints.open(request, exchange), loop, PER_TRY);
    endpoints.flush();
  }

  private void asked(
      EndpointRequest request,
      int number,
      CompletableFuture<Discovered> answer,
      DiscoveryExchange.Outcome outcome) {
    boolean again =
        switch (outcome) {
          case DiscoveryExchange.Broken broken -> broken.failure().kind() != Kind.NOT_HTTP2;
          case DiscoveryExchange.Answered answered ->
              WORTH_ANOTHER_TRY.contains(answered.head().status());
          case DiscoveryExchange.TooLarge tooLarge -> false;
        };
    if (again && number < TRIES) {
      Duration delay = FIRST_DELAY.multipliedBy(1L << (number - 1));
      loop.schedule(delay, () -> ask(request, number + 1, answer));
      return;
    }
    try {
      answer.complete(judge(request.address(), outcome));
    } catch (DiscoveryException e) {
      answer.completeExceptionally(e);
    }
  }

  private static Discovered judge(EndpointAddress at, DiscoveryExchange.Outcome outcome)
      throws DiscoveryException {
    String who = at.toString();
    return switch (outcome) {
      case DiscoveryExchange.Answered answered -> fitting(at, judge(who, answered));
      case DiscoveryExchange.Broken broken -> throw broken(who, broken.failure());
      case DiscoveryExchange.TooLarge tooLarge ->
          throw DiscoveryException.malformed(
              "Expected a manifest of at most "
                  + DiscoveryExchange.BODY_LIMIT
                  + " bytes from "
                  + who);
    };
  }

  private static Discovered fitting(EndpointAddress at, Discovered found)
      throws DiscoveryException {
    if (at instanceof EndpointAddress.Function && found.mode() == ProtocolMode.BIDI_STREAM) {
      throw new DiscoveryException(
          "META0015",
          500,
          "Expected protocolMode REQUEST_RESPONSE of the function " + at + ", but got BIDI_STREAM");
    }
    return found;
  }

  private static Discovered judge(String who, DiscoveryExchange.Answered answered)
      throws DiscoveryException {
    ResponseHead head = answered.head();
    if (head.status() / 100 != 2) {
      throw new DiscoveryException(
          "META0003",
          500,
          "Expected " + who + " to say what it serves, but it answered status " + head.status());
    }
    String type = head.contentType();
    if (type == null || !MANIFEST_TYPES.contains(type)) {
      throw DiscoveryException.malformed(
          "Expected a manifest from " + who + ", but got content-type " + type);
    }
    return Manifest.read(answered.body().toArray(), head.server() == null ? "" : head.server());
  }

  private static DiscoveryException broken(String who, StreamFailure failure) {
    return failure.kind() == Kind.NOT_HTTP2
        ? new DiscoveryException(
            "META0014",
            500,
            who + " seems to speak HTTP/1.1 only (" + failure.message() + "); see use_http_11")
        : new DiscoveryException(
            "META0003", 500, "Expected to reach " + who + ", but: " + failure.message());
  }
}
