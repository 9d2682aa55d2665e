package dev.reprise.server.grpc;

import com.google.protobuf.ByteString;
import dev.reprise.api.MessageFraming;
import dev.reprise.api.ingress.v1.Header;
import dev.reprise.api.ingress.v1.Invoke;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.server.ingress.HandlerRequest;
import dev.reprise.server.ingress.InputEncoder;
import dev.reprise.server.ingress.Refused;
import dev.reprise.server.ingress.Refused.Reason;
import dev.reprise.server.ingress.Requests;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.NewInvocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns what a client wants invoked into an invocation, with the checks that HTTP makes too. */
final class InvokeReader {
  /** As much as the head of an HTTP request may have. */
  private static final int NAMES_BYTES = 64 << 10;

  private static final int MAX_HEADERS = 200;
  private static final String CONTENT_TYPE = "content-type";

  private final Requests requests;

  InvokeReader(Requests requests) {
    this.requests = requests;
  }

  /**
   * The invocation; throws {@link Refused}.
   *
   * @param path of the gRPC method, as the handler is to see it
   * @param startAtMillis 0 for now
   */
  NewInvocation read(Invoke invoke, Registry registry, String path, long startAtMillis) {
    ServiceRevision service = HandlerRequest.service(registry, invoke.getService());
    if (!service.kind().keyed() && !invoke.getKey().isEmpty()) {
      throw new Refused(
          Reason.MALFORMED_REQUEST,
          "Expected no key, for '" + service.name() + "' is a plain service");
    }
    HandlerRequest asked = HandlerRequest.of(service, invoke.getKey(), invoke.getHandler());
    String idempotencyKey =
        asked.idempotencyKey(invoke.hasIdempotencyKey() ? invoke.getIdempotencyKey() : null);
    if (invoke.hasScope()) {
      asked = asked.in(invoke.getScope());
    }
    String limitKey = asked.limitKey(invoke.hasLimitKey() ? invoke.getLimitKey() : null);
    ByteString body = invoke.getBody();
    if (body.size() > MessageFraming.VALUE_LIMIT) {
      throw new Refused(
          Reason.BODY_TOO_LARGE,
          "Expected a body of at most "
              + MessageFraming.VALUE_LIMIT
              + " bytes, but got "
              + body.size());
    }
    String contentType = invoke.getContentType();
    asked.expectInput(contentType.isEmpty() ? null : contentType, body.isEmpty());
    List<Map.Entry<String, String>> headers = headers(invoke);
    Bytes input = InputEncoder.encode(path, headers.iterator(), headers.size(), new Content(body));
    return requests.invocation(asked, limitKey, idempotencyKey, input, startAtMillis);
  }

  private static List<Map.Entry<String, String>> headers(Invoke invoke) {
    if (invoke.getHeadersCount() > MAX_HEADERS) {
      throw new Refused(
          Reason.BAD_HEADER,
          "Expected at most " + MAX_HEADERS + " headers, but got " + invoke.getHeadersCount());
    }
    List<Map.Entry<String, String>> headers = new ArrayList<>(invoke.getHeadersCount() + 1);
    long size =
        (long) invoke.getKey().length()
            + invoke.getIdempotencyKey().length()
            + invoke.getContentType().length();
    for (Header header : invoke.getHeadersList()) {
      if (!isToken(header.getName())) {
        throw new Refused(
            Reason.BAD_HEADER, "Expected a header's name, but got '" + header.getName() + "'");
      }
      size += header.getName().length() + header.getValue().length();
      headers.add(Map.entry(header.getName(), header.getValue()));
    }
    if (size > NAMES_BYTES) {
      throw new Refused(
          Reason.BAD_HEADER,
          "Expected keys and headers of at most " + NAMES_BYTES + " bytes together");
    }
    if (!invoke.getContentType().isEmpty()) {
      headers.add(Map.entry(CONTENT_TYPE, invoke.getContentType()));
    }
    // After those of the request, of which the first counts.
    headers.addAll(TraceContext.fields());
    return headers;
  }

  private static boolean isToken(String name) {
    return !name.isEmpty()
        && name.chars().allMatch(c -> c > ' ' && c < 0x7F && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0);
  }

  private record Content(ByteString bytes) implements InputEncoder.Body {
    @Override
    public int length() {
      return bytes.size();
    }

    @Override
    public void copyTo(byte[] array, int offset) {
      bytes.copyTo(array, offset);
    }
  }
}
