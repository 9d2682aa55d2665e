package dev.reprise.server.invoker;

import static dev.reprise.cluster.metadata.ServiceOptions.SILENT;
import static java.util.stream.Collectors.toMap;

import dev.reprise.cluster.metadata.CatchingUp;
import dev.reprise.cluster.metadata.Deployment;
import dev.reprise.cluster.metadata.Deployment.ProtocolMode;
import dev.reprise.cluster.metadata.DeploymentAddress;
import dev.reprise.cluster.metadata.HandlerRevision;
import dev.reprise.cluster.metadata.MetadataCommand;
import dev.reprise.cluster.metadata.MetadataResult;
import dev.reprise.cluster.metadata.Registrar;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.metadata.ServiceOptions;
import dev.reprise.cluster.metadata.ServiceOptions.OnMaxAttempts;
import dev.reprise.cluster.metadata.ServiceRevision;
import dev.reprise.cluster.metadata.ServiceRevision.ServiceKind;
import dev.reprise.cluster.partition.Invoker;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.endpoint.EndpointMeans;
import dev.reprise.server.endpoint.EndpointOptions;
import dev.reprise.server.endpoint.EndpointTrust;
import dev.reprise.server.endpoint.Functions;
import dev.reprise.server.endpoint.HostNames;
import dev.reprise.server.endpoint.LoopEndpoints;
import dev.reprise.server.endpoint.RequestSigner;
import dev.reprise.server.endpoint.ScriptedEndpoint;
import dev.reprise.server.net.EventLoops;
import dev.reprise.server.net.NettyLoop;
import dev.reprise.storage.model.Bytes;
import dev.reprise.storage.model.HandlerKind;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import dev.reprise.storage.model.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An invoker with a real endpoint on one side and a partition in memory on the other.
 *
 * <p>Longer than most: each kind of world that an invoker is tried in is made here.
 */
final class InvokerWorld implements AutoCloseable {
  static final long DEADLINE_SECONDS = 20;

  /** Short, so that stories of failure are. */
  static final ServiceOptions IMPATIENT =
      new ServiceOptions(
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          null,
          null,
          null,
          null,
          null,
          Duration.ofMillis(5),
          Duration.ofMillis(20),
          2.0,
          4,
          OnMaxAttempts.KILL);

  private final EventLoops loops = EventLoops.open(1);
  private final NettyLoop loop = loops.loop(0);
  private final LoopEndpoints endpoints;
  private final NewInvocations newInvocations;
  private final Invokers invokers;
  private final ListHost host = new ListHost(loop);
  private final Invoker invoker;
  private volatile Registry registry = Registry.EMPTY;
  private volatile Registry elsewhere = Registry.EMPTY;

  InvokerWorld() {
    this(InvokerOptions.DEFAULTS.withServiceDefaults(IMPATIENT.over(ServiceOptions.DEFAULTS)));
  }

  InvokerWorld(InvokerOptions options) {
    this(options, EndpointOptions.DEFAULTS);
  }

  InvokerWorld(InvokerOptions options, EndpointOptions connections) {
    this(options, connections, EndpointMeans.plain(HostNames.system()), false);
  }

  /** With another node, which knows what this one has {@linkplain #missEverything missed}. */
  static InvokerWorld amongOthers(InvokerOptions options) {
    EndpointMeans means = EndpointMeans.plain(HostNames.system());
    return new InvokerWorld(options, EndpointOptions.DEFAULTS, means, true);
  }

  /** With this way to functions, and one that is served. */
  InvokerWorld(InvokerOptions options, Functions functions) {
    this(
        options,
        EndpointOptions.DEFAULTS,
        new EndpointMeans(
            HostNames.system(), EndpointTrust.platform(), RequestSigner.NONE, functions),
        false);
    String arn = "arn:aws:lambda:eu-central-1:123456789012:function:greeter:1";
    Registry plain = registry(1, "http://unused", ProtocolMode.REQUEST_RESPONSE, 7, SILENT);
    Deployment there = plain.deployments().values().iterator().next();
    Deployment function =
        new Deployment(
            there.id(),
            new DeploymentAddress.Lambda(arn, "", false),
            there.mode(),
            there.minProtocolVersion(),
            there.maxProtocolVersion(),
            there.sdkVersion(),
            there.headers(),
            there.metadata(),
            there.createdAtMillis(),
            there.services());
    registry =
        new Registry(
            2,
            Map.of(function.id(), function),
            function.services().stream().collect(toMap(ServiceRevision::name, it -> it)));
  }

  private InvokerWorld(
      InvokerOptions options,
      EndpointOptions connections,
      EndpointMeans means,
      boolean amongOthers) {
    endpoints = new LoopEndpoints(loop.eventLoop(), loops.channel(), connections, means);
    newInvocations = new NewInvocations(options.serviceDefaults(), RandomGenerator.getDefault());
    invokers =
        new Invokers(
            options,
            () -> registry,
            amongOthers
                ? CatchingUp.with(new Elsewhere(), System::nanoTime, ForkJoinPool.commonPool())
                : CatchingUp.alone(),
            newInvocations,
            new KeyRanges(1),
            RandomGenerator.getDefault());
    invoker = invokers.open(0, host, endpoints);
    host.invoker(invoker);
  }

  InvokerWorld serving(ScriptedEndpoint endpoint) {
    return serving(endpoint.uri(), ProtocolMode.BIDI_STREAM, 7, ServiceOptions.SILENT);
  }

  InvokerWorld serving(String uri, ProtocolMode mode, int maxVersion, ServiceOptions options) {
    registry = registry(registry.version() + 1, uri, mode, maxVersion, options);
    return this;
  }

  /**
   * One deployment with a service {@code Svc}, an object {@code Obj} and a workflow {@code Flow}.
   */
  static Registry registry(
      long version, String uri, ProtocolMode mode, int maxVersion, ServiceOptions options) {
    ServiceRevision svc =
        service(
            "Svc",
            ServiceKind.SERVICE,
            options,
            handler("go", HandlerKind.PLAIN),
            handler("help", HandlerKind.PLAIN));
    ServiceRevision obj =
        service(
            "Obj",
            ServiceKind.VIRTUAL_OBJECT,
            options,
            handler("go", HandlerKind.EXCLUSIVE),
            handler("look", HandlerKind.SHARED));
    ServiceRevision flow =
        service(
            "Flow",
            ServiceKind.WORKFLOW,
            options,
            handler("run", HandlerKind.WORKFLOW_RUN),
            handler("look", HandlerKind.WORKFLOW_SHARED));
    Deployment deployment =
        new Deployment(
            "dp_1",
            uri,
            mode,
            false,
            5,
            maxVersion,
            "",
            Map.of("x-extra", "yes"),
            Map.of(),
            0,
            List.of(svc, obj, flow));
    return new Registry(
        version, Map.of("dp_1", deployment), Map.of("Svc", svc, "Obj", obj, "Flow", flow));
  }

  /** From now on this node has heard of nothing that was registered, until it catches up. */
  void missEverything() {
    elsewhere = registry;
    registry = Registry.EMPTY;
  }

  private final class Elsewhere implements Registrar {
    @Override
    public Registry registry() {
      return registry;
    }

    @Override
    public CompletableFuture<MetadataResult> propose(MetadataCommand command) {
      registry = elsewhere;
      return CompletableFuture.completedFuture(new MetadataResult.CaughtUp());
    }
  }

  void forgetDeployments() {
    registry = new Registry(registry.version() + 1, Map.of(), Map.of());
  }

  private static HandlerRevision handler(String name, HandlerKind kind) {
    return new HandlerRevision(
        name, kind, "*/*", false, null, null, false, null, "", Map.of(), ServiceOptions.SILENT);
  }

  private static ServiceRevision service(
      String name, ServiceKind kind, ServiceOptions options, HandlerRevision... handlers) {
    Map<String, HandlerRevision> byName = new java.util.HashMap<>();
    for (HandlerRevision handler : handlers) {
      byName.put(handler.name(), handler);
    }
    return new ServiceRevision(name, kind, 1, "dp_1", byName, "", Map.of(), options);
  }

  /** An invocation of a handler, as a front door would make it. */
  NewInvocation invocation(String service, String handler, String key, String input) {
    return invocation(registry, newInvocations, service, handler, key, ListHost.input(input));
  }

  static NewInvocation invocation(
      Registry registry,
      NewInvocations newInvocations,
      String service,
      String handler,
      String key,
      Bytes input) {
    ServiceRevision revision = registry.service(service);
    HandlerRevision found = revision == null ? null : revision.handler(handler);
    if (revision == null || found == null) {
      throw new AssertionError("Expected a handler " + service + "/" + handler);
    }
    return newInvocations.make(revision, found, key, "", input, 0, null);
  }

  CompletableFuture<Outcome> invoke(String service, String handler, String key, String input) {
    return host.invoke(invocation(service, handler, key, input));
  }

  CompletableFuture<Outcome> invoke(NewInvocation invocation) {
    return host.invoke(invocation);
  }

  /** Calls {@code Svc/go} and waits for its outcome as text. */
  String call(String input) throws Exception {
    return text(invoke("Svc", "go", "", input));
  }

  static String text(CompletableFuture<Outcome> outcome) throws Exception {
    return switch (outcome.get(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      case Outcome.Success success -> success.value().toUtf8();
      case Outcome.Failure failure -> failure.code() + " " + failure.message();
    };
  }

  Invoker.@Nullable Activity activity(InvocationId id) {
    return onLoop(() -> invoker.activity(id));
  }

  int mayPin(String deployment) {
    return onLoop(() -> invoker.mayPin(deployment));
  }

  <T> T onLoop(java.util.function.Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    loop.execute(() -> answer.complete(question.get()));
    return answer.join();
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Expected in time: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  ListHost host() {
    return host;
  }

  Invoker invoker() {
    return invoker;
  }

  InvokerCounters counters() {
    return invokers.counters();
  }

  Invokers invokers() {
    return invokers;
  }

  MemoryPool memory() {
    return invokers.memory();
  }

  /** The usual options with another patience for responses that do not end. */
  static InvokerOptions draining(Duration drain) {
    return InvokerOptions.DEFAULTS
        .withServiceDefaults(IMPATIENT.over(ServiceOptions.DEFAULTS))
        .withDrain(drain);
  }

  long memoryLimit() {
    return InvokerOptions.DEFAULTS.memory().nodeBytes();
  }

  NettyLoop loop() {
    return loop;
  }

  LoopEndpoints endpoints() {
    return endpoints;
  }

  @Override
  public void close() {
    if (!host.mishaps().isEmpty()) {
      throw new AssertionError("Expected no mishap in the partition", host.mishaps().get(0));
    }
    onLoop(
        () -> {
          invoker.close();
          return true;
        });
    endpoints.close();
    invokers.close();
    loops.close();
  }
}
