package dev.reprise.server.invoker;

import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.server.endpoint.EndpointAddress;
import dev.reprise.server.endpoint.EndpointRequest;
import dev.reprise.storage.model.Invocation;
import dev.reprise.storage.model.Pin;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * All that attempts of one handler on one deployment have in common, worked out once. Immutable.
 */
final class Route {
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString ACCEPT = AsciiString.cached("accept");
  private static final AsciiString CLUSTER_NAME = AsciiString.cached("x-restate-cluster-name");
  private static final AsciiString INVOCATION_ID = AsciiString.cached("x-restate-invocation-id");
  private static final AsciiString SERVICE_KEY = AsciiString.cached("x-restate-service-key");

  private static final int LONGEST_TOLD_KEY = 4 << 10;

  private final Deployment deployment;
  private final Pin pin;
  private final EndpointAddress address;
  private final AsciiString path;
  private final String contentType;
  private final AsciiString[] headers;
  private final RetryPolicy retries;
  private final long inactivityMillis;
  private final long abortMillis;
  private final boolean lazyState;

  Route(
      Deployment deployment,
      int version,
      String service,
      String handler,
      ServiceOptions options,
      String clusterName) {
    ServiceOptions all = options.over(ServiceOptions.DEFAULTS);
    this.deployment = deployment;
    this.pin = new Pin(deployment.id(), version);
    this.address = EndpointAddress.of(deployment.address());
    this.path = AsciiString.of("/invoke/" + service + "/" + handler);
    this.contentType = "application/vnd.restate.invocation.v" + version;
    this.headers = headers(contentType, clusterName, deployment.headers());
    this.retries = RetryPolicy.of(all);
    this.inactivityMillis = Objects.requireNonNull(all.inactivityTimeout()).toMillis();
    this.abortMillis = Objects.requireNonNull(all.abortTimeout()).toMillis();
    this.lazyState = Objects.requireNonNull(all.lazyState());
  }

  private static AsciiString[] headers(
      String contentType, String clusterName, Map<String, String> more) {
    List<AsciiString> all = new ArrayList<>();
    AsciiString type = AsciiString.of(contentType);
    all.addAll(List.of(CONTENT_TYPE, type, ACCEPT, type));
    all.addAll(List.of(CLUSTER_NAME, AsciiString.of(clusterName)));
    more.forEach(
        (name, value) -> {
          all.add(AsciiString.of(name.toLowerCase(Locale.ROOT)));
          all.add(AsciiString.of(value));
        });
    return all.toArray(AsciiString[]::new);
  }

  /** The head of an attempt's request. */
  EndpointRequest request(Invocation invocation) {
    boolean keyed = invocation.target().kind().keyed();
    String key = keyed ? percentEncoded(invocation.target().key()) : "";
    // A courtesy to proxies. An endpoint learns its key from the first frame, and many take no more
    // than 8 KiB of headers.
    boolean told = keyed && key.length() <= LONGEST_TOLD_KEY;
    AsciiString[] own = Arrays.copyOf(headers, headers.length + (told ? 4 : 2));
    own[headers.length] = INVOCATION_ID;
    own[headers.length + 1] = AsciiString.of(invocation.id().toString());
    if (told) {
      own[headers.length + 2] = SERVICE_KEY;
      own[headers.length + 3] = AsciiString.of(key);
    }
    return new EndpointRequest(
        address, EndpointRequest.POST, path, keyed ? invocation.target().key() : "", own);
  }

  /** All but letters, digits and {@code -._~} as percent signs and two digits per byte. */
  static String percentEncoded(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || "-._~".indexOf(b) >= 0;
      if (plain) {
        encoded.append((char) b);
      } else {
        encoded.append('%');
        encoded.append(Character.toUpperCase(Character.forDigit(b >> 4 & 0xF, 16)));
        encoded.append(Character.toUpperCase(Character.forDigit(b & 0xF, 16)));
      }
    }
    return encoded.toString();
  }

  Pin pin() {
    return pin;
  }

  String contentType() {
    return contentType;
  }

  RetryPolicy retries() {
    return retries;
  }

  long inactivityMillis() {
    return inactivityMillis;
  }

  long abortMillis() {
    return abortMillis;
  }

  boolean lazyState() {
    return lazyState;
  }

  /** Whether the request ends before the response begins. */
  boolean requestResponse() {
    return deployment.mode() == ProtocolMode.REQUEST_RESPONSE || inactivityMillis == 0;
  }
}
