package dev.reprise.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.MetadataCommand;
import dev.reprise.cluster.metadata.MetadataMachine;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.cluster.metadata.MetadataUnavailableException;
import dev.reprise.cluster.metadata.Registrar;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.server.admin.Discovery.Discovered;
import dev.reprise.server.http.HttpLimits;
import dev.reprise.server.http.HttpServer;
import dev.reprise.server.http.RawClient;
import dev.reprise.server.http.RawClient.Reply;
import dev.reprise.server.http.TestLoops;
import dev.reprise.server.ingress.EchoRequests;
import dev.reprise.server.metrics.NodeMetrics;
import dev.reprise.storage.model.HandlerKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What endpoints serve in tests. */
final class Discoveries {
  private Discoveries() {}

  static Discovered greeter() {
    return service("Greeter", ServiceKind.VIRTUAL_OBJECT, false);
  }

  static Discovered service(String name, ServiceKind kind, boolean hidden) {
    HandlerRevision greet =
        new HandlerRevision(
            "greet",
            kind.keyed() ? HandlerKind.EXCLUSIVE : HandlerKind.PLAIN,
            "application/json",
            false,
            "{\"type\":\"object\",\"title\":\"Name\"}",
            null,
            false,
            null,
            "says hello",
            Map.of(),
            hidden ? options(null, false) : ServiceOptions.SILENT);
    HandlerRevision bye =
        new HandlerRevision(
            "bye",
            kind.keyed() ? HandlerKind.SHARED : HandlerKind.PLAIN,
            "*/*",
            false,
            null,
            "application/json",
            false,
            null,
            "",
            Map.of(),
            options(Duration.ofSeconds(5), null));
    ServiceRevision service =
        new ServiceRevision(
            name,
            kind,
            0,
            "",
            Map.of("greet", greet, "bye", bye),
            "",
            Map.of(),
            new ServiceOptions(
                null,
                Duration.ofSeconds(90),
                null,
                null,
                null,
                null,
                hidden ? true : null,
                null,
                null,
                null,
                null,
                null));
    return new Discovered(ProtocolMode.BIDI_STREAM, 5, 7, "sdk/1", false, List.of(service));
  }

  private static ServiceOptions options(@Nullable Duration inactivity, @Nullable Boolean hidden) {
    return new ServiceOptions(
        inactivity, null, null, null, null, null, hidden, null, null, null, null, null);
  }
}
