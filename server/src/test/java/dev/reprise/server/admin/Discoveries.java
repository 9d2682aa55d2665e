package dev.reprise.server.admin;

import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.server.admin.Discovery.Discovered;
import dev.reprise.storage.model.HandlerKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
