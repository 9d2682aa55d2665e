package dev.reprise.server.ingress;

import dev.reprise.cluster.metadata.CatchingUp;
import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.MetadataCommand;
import dev.reprise.cluster.metadata.MetadataMachine;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.cluster.metadata.Registrar;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.operations.InvocationOperations;
import dev.reprise.server.operations.Pins;
import dev.reprise.server.operations.StateEdits;
import dev.reprise.storage.model.HandlerKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The requests of doors before partitions that fit into a test. The clock stands still. */
public final class EchoRequests implements AutoCloseable {
  public static final Instant NOW = Instant.parse("2026-11-22T10:22:04.568Z");
  public static final int MAX_WAITING = 50;

  public final EchoIngress ingress = new EchoIngress();
  public final Requests requests;

  private final Registry all = registry();
  private volatile Registry known = all;

  private final NewInvocations invocations =
      new NewInvocations(ServiceOptions.DEFAULTS, new SplittableRandom(1));

  public EchoRequests() {
    this(false);
  }

  /**
   * The requests of a node.
   *
   * @param amongOthers whether it may have missed something, and can catch up
   */
  public EchoRequests(boolean amongOthers) {
    requests =
        new Requests(
            () -> known,
            amongOthers
                ? CatchingUp.with(new Elsewhere(), System::nanoTime, ForkJoinPool.commonPool())
                : CatchingUp.alone(),
            ingress,
            invocations,
            InstantSource.fixed(NOW),
            MAX_WAITING);
  }

  /** From now on the node has heard of nothing that was registered, until it catches up. */
  public void missEverything() {
    known = Registry.EMPTY;
  }

  private final class Elsewhere implements Registrar {
    @Override
    public Registry registry() {
      return known;
    }

    @Override
    public CompletableFuture<MetadataResult> propose(MetadataCommand command) {
      known = all;
      return CompletableFuture.completedFuture(new MetadataResult.CaughtUp());
    }
  }

  /** What a person may do to the invocations there. */
  public InvocationOperations operations() {
    return new InvocationOperations(ingress, invocations, new Pins(requests::registry));
  }

  public StateEdits stateEdits() {
    return new StateEdits(requests::registry, ingress, invocations);
  }

  @Override
  public void close() {
    ingress.close();
  }

  private static Registry registry() {
    ServiceRevision probe =
        service(
            "Probe",
            ServiceKind.SERVICE,
            Stream.of(
                handler("echo", HandlerKind.PLAIN, "application/json", null, ServiceOptions.SILENT),
                handler("any", HandlerKind.PLAIN, "*/*", null, ServiceOptions.SILENT),
                handler("text", HandlerKind.PLAIN, "text/*", null, ServiceOptions.SILENT),
                handler("nothing", HandlerKind.PLAIN, null, null, ServiceOptions.SILENT),
                handler("json", HandlerKind.PLAIN, "application/json", "{}", ServiceOptions.SILENT),
                handler("fail", HandlerKind.PLAIN, "application/json", null, ServiceOptions.SILENT),
                handler("void", HandlerKind.PLAIN, "*/*", null, ServiceOptions.SILENT),
                handler("wait", HandlerKind.PLAIN, "*/*", null, ServiceOptions.SILENT),
                handler("headers", HandlerKind.PLAIN, "*/*", null, ServiceOptions.SILENT),
                handler("priv", HandlerKind.PLAIN, "*/*", null, hidden())));
    ServiceRevision object =
        service(
            "Obj",
            ServiceKind.VIRTUAL_OBJECT,
            Stream.of(
                handler("key", HandlerKind.EXCLUSIVE, "*/*", null, ServiceOptions.SILENT),
                handler("wait", HandlerKind.SHARED, "*/*", null, ServiceOptions.SILENT)));
    ServiceRevision workflow =
        service(
            "Wf",
            ServiceKind.WORKFLOW,
            Stream.of(
                handler("run", HandlerKind.WORKFLOW_RUN, "*/*", null, ServiceOptions.SILENT)));
    Deployment deployment =
        new Deployment(
            "dp_1",
            "http://localhost:9080/",
            ProtocolMode.BIDI_STREAM,
            false,
            5,
            6,
            "",
            Map.of(),
            Map.of(),
            0,
            List.of(probe, object, workflow));
    return MetadataMachine.registryOf(1, List.of(deployment));
  }

  private static ServiceRevision service(
      String name, ServiceKind kind, Stream<HandlerRevision> handlers) {
    Map<String, HandlerRevision> byName = new HashMap<>();
    handlers.forEach(handler -> byName.put(handler.name(), handler));
    return new ServiceRevision(name, kind, 1, "dp_1", byName, "", Map.of(), ServiceOptions.SILENT);
  }

  private static HandlerRevision handler(
      String name,
      HandlerKind kind,
      @Nullable String input,
      @Nullable String schema,
      ServiceOptions options) {
    return new HandlerRevision(
        name, kind, input, false, schema, "application/json", false, null, "", Map.of(), options);
  }

  private static ServiceOptions hidden() {
    return new ServiceOptions(
        Duration.ofSeconds(1), null, null, null, null, null, true, null, null, null, null, null);
  }
}
