package dev.reprise.bench;

import java.util.List;

/**
 * One line of the comparison.
 *
 * @param name what is called, and by how many clients
 * @param path of the request, a template
 * @param body a template
 * @param keys that {@code {key}} is drawn from
 * @param door what the requests are made through
 */
record Workload(String name, String path, String body, int connections, long keys, Door door) {
  /** HTTP/1.1 or gRPC; over gRPC connections are calls on one. */
  enum Door {
    HTTP,
    GRPC
  }

  private static final String HELLO = "\"hello\"";

  /** As many keys as keep two requests for one of them apart, mostly. */
  private static final long MANY_KEYS = 100_000;

  Workload(String name, String path, String body, int connections, long keys) {
    this(name, path, body, connections, keys, Door.HTTP);
  }

  static final List<Workload> ALL =
      List.of(
          new Workload("echo@1", "/Echo/echo", HELLO, 1, 1),
          new Workload("echo@64", "/Echo/echo", HELLO, 64, 1),
          new Workload("echo@1024", "/Echo/echo", HELLO, 1024, 1),
          new Workload("counter-many-keys@64", "/Counter/{key}/add", "", 64, MANY_KEYS),
          new Workload("counter-one-key@16", "/Counter/one/add", "", 16, 1),
          new Workload("ten-steps@64", "/Steps/run", "10", 64, 1),
          new Workload("call@64", "/Fan/call", HELLO, 64, 1),
          new Workload("grpc-echo@1", "/Echo/echo", HELLO, 1, 1, Door.GRPC),
          new Workload("grpc-echo@64", "/Echo/echo", HELLO, 64, 1, Door.GRPC));

  static Workload named(String name) {
    return ALL.stream()
        .filter(workload -> workload.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Expected one of %s, but '%s'"
                        .formatted(ALL.stream().map(Workload::name).toList(), name)));
  }
}
