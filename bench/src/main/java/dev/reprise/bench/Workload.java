package dev.reprise.bench;

import java.util.List;

/**
 * One line of the comparison.
 *
 * @param name what is called, and by how many clients
 * @param path of the request, a template
 * @param body a template
 * @param keys that {@code {key}} is drawn from
 */
record Workload(String name, String path, String body, int connections, long keys) {
  private static final String HELLO = "\"hello\"";

  /** As many keys as keep two requests for one of them apart, mostly. */
  private static final long MANY_KEYS = 100_000;

  static final List<Workload> ALL =
      List.of(
          new Workload("echo@1", "/Echo/echo", HELLO, 1, 1),
          new Workload("echo@64", "/Echo/echo", HELLO, 64, 1),
          new Workload("echo@1024", "/Echo/echo", HELLO, 1024, 1),
          new Workload("counter-many-keys@64", "/Counter/{key}/add", "", 64, MANY_KEYS),
          new Workload("counter-one-key@16", "/Counter/one/add", "", 16, 1),
          new Workload("ten-steps@64", "/Steps/run", "10", 64, 1),
          new Workload("call@64", "/Fan/call", HELLO, 64, 1));

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
