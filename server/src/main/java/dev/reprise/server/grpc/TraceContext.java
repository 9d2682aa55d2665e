package dev.reprise.server.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keeps the trace context of a call, so that the handler sees it as it does over HTTP. */
final class TraceContext implements ServerInterceptor {
  private static final Context.Key<List<Map.Entry<String, String>>> FIELDS =
      Context.key("trace-context");
  private static final List<Metadata.Key<String>> NAMES =
      List.of(
          Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
          Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER));

  /** The fields of the call that is being handled on this thread. */
  static List<Map.Entry<String, String>> fields() {
    List<Map.Entry<String, String>> fields = FIELDS.get();
    return fields == null ? List.of() : fields;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    for (Metadata.Key<String> name : NAMES) {
      String value = headers.get(name);
      if (value != null) {
        fields.add(Map.entry(name.name(), value));
      }
    }
    return fields.isEmpty()
        ? next.startCall(call, headers)
        : Contexts.interceptCall(Context.current().withValue(FIELDS, fields), call, headers, next);
  }
}
