package dev.reprise.cluster.metadata;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.storage.model.HandlerKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Deployments as discovery would find them. */
final class Samples {
  private Samples() {}

  static Deployment deployment(String id, String uri, ServiceRevision... services) {
    return new Deployment(
        id,
        uri,
        ProtocolMode.BIDI_STREAM,
        false,
        5,
        7,
        "sdk/1",
        Map.of("x-a", "1", "x-b", "2"),
        Map.of("team", "green"),
        1_700_000_000_000L,
        List.of(services));
  }

  static ServiceRevision service(String name, ServiceKind kind) {
    HandlerRevision greet =
        new HandlerRevision(
            "greet",
            kind.keyed() ? HandlerKind.EXCLUSIVE : HandlerKind.PLAIN,
            "application/json",
            true,
            "{\"type\":\"object\"}",
            null,
            true,
            null,
            "says hello",
            Map.of("k", "v"),
            new ServiceOptions(
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                Duration.ZERO,
                Duration.ofDays(3),
                Duration.ofDays(4),
                true,
                false,
                Duration.ofMillis(5),
                Duration.ofSeconds(6),
                1.5,
                7,
                ServiceOptions.OnMaxAttempts.KILL));
    HandlerRevision bye =
        new HandlerRevision(
            "bye",
            kind.keyed() ? HandlerKind.SHARED : HandlerKind.PLAIN,
            null,
            false,
            null,
            "text/plain",
            false,
            "{}",
            "",
            Map.of(),
            ServiceOptions.SILENT);
    return new ServiceRevision(
        name,
        kind,
        0,
        "",
        Map.of("greet", greet, "bye", bye),
        "a service",
        Map.of(),
        ServiceOptions.SILENT);
  }
}
