package dev.reprise.bench.endpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers discovery: the services, in the oldest manifest that says everything needed. */
final class Manifest {
  static final String CONTENT_TYPE = "application/vnd.restate.endpointmanifest.v1+json";

  static final int MIN_PROTOCOL = 5;
  static final int MAX_PROTOCOL = 6;

  private static final String ANY_BYTES =
      "\"input\":{\"required\":false,\"contentType\":\"*/*\"},"
          + "\"output\":{\"contentType\":\"application/json\",\"setContentTypeIfEmpty\":false}";

  private Manifest() {}

  static String of(Mode mode) {
    Map<String, List<Handler>> services =
        Stream.of(Handler.values())
            .collect(
                Collectors.groupingBy(Handler::service, LinkedHashMap::new, Collectors.toList()));
    String list =
        services.entrySet().stream()
            .map(it -> service(mode.serviceName(it.getKey()), it.getValue()))
            .collect(Collectors.joining(","));
    return "{\"protocolMode\":\"%s\",\"minProtocolVersion\":%d,\"maxProtocolVersion\":%d,\"services\":[%s]}"
        .formatted(mode.protocolName(), MIN_PROTOCOL, MAX_PROTOCOL, list);
  }

  private static String service(String name, List<Handler> handlers) {
    boolean keyed = handlers.contains(Handler.COUNTER_ADD);
    String list = handlers.stream().map(it -> handler(it, keyed)).collect(Collectors.joining(","));
    return "{\"name\":\"%s\",\"ty\":\"%s\",\"handlers\":[%s]}"
        .formatted(name, keyed ? "VIRTUAL_OBJECT" : "SERVICE", list);
  }

  private static String handler(Handler handler, boolean keyed) {
    String type = handler == Handler.COUNTER_GET ? "SHARED" : "EXCLUSIVE";
    return "{\"name\":\"%s\",%s%s}"
        .formatted(handler.handlerName(), keyed ? "\"ty\":\"" + type + "\"," : "", ANY_BYTES);
  }
}
