package dev.reprise.server.invoker;

import dev.reprise.cluster.forwarding.PartitionRouter;
import dev.reprise.cluster.log.LogId;
import dev.reprise.cluster.log.ratis.RatisNode;
import dev.reprise.cluster.log.ratis.RatisSettings;
import dev.reprise.cluster.metadata.CatchingUp;
import dev.reprise.cluster.metadata.Registry;
import dev.reprise.cluster.partition.Ingress;
import dev.reprise.cluster.partition.Partition;
import dev.reprise.cluster.partition.PartitionSettings;
import dev.reprise.cluster.routing.KeyRanges;
import dev.reprise.cluster.routing.NewInvocations;
import dev.reprise.server.endpoint.EndpointOptions;
import dev.reprise.server.endpoint.HostNames;
import dev.reprise.server.endpoint.LoopEndpoints;
import dev.reprise.server.net.EventLoops;
import dev.reprise.storage.kv.memory.MemoryStore;
import dev.reprise.storage.model.InvocationId;
import dev.reprise.storage.model.NewInvocation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A real partition with its log and rules, its invoker, and the front door's view of it. Ids and
 * seeds are drawn from a seed, so that the same story has the same ids.
 */
final class PartitionWorld implements AutoCloseable {
  private final EventLoops loops = EventLoops.open(1);
  private final ExecutorService background = Executors.newVirtualThreadPerTaskExecutor();
  private final KeyRanges ranges = new KeyRanges(1);
  private final PartitionRouter router =
      new PartitionRouter(
          ranges,
          PartitionRouter.Surroundings.alone(
              loops::loop, System::nanoTime, Duration.ofSeconds(30)));
  private final NewInvocations newInvocations;
  private final LoopEndpoints endpoints;
  private final Invokers invokers;
  private final MemoryStore store = new MemoryStore();
  private final RatisNode logs;
  private final Partition partition;
  private volatile Registry registry = Registry.EMPTY;

  PartitionWorld(Path directory, InvokerOptions options, long seed) throws Exception {
    newInvocations = new NewInvocations(options.serviceDefaults(), new Random(seed));
    endpoints =
        new LoopEndpoints(
            loops.loop(0).eventLoop(),
            loops.channel(),
            EndpointOptions.DEFAULTS,
            HostNames.system());
    invokers =
        new Invokers(
            options, () -> registry, CatchingUp.alone(), newInvocations, ranges, new Random(seed));
    logs = RatisNode.start(RatisSettings.alone("n1", directory));
    Partition.Environment environment =
        new Partition.Environment(
            loops.loop(0),
            PartitionSettings.of("n1"),
            (number, host) -> invokers.open(number, host, endpoints),
            router,
            background,
            InstantSource.system(),
            System::nanoTime);
    partition =
        Partition.open(0, store, replica -> logs.open(LogId.partition(0), replica), environment);
    router.open(partition);
    InvokerWorld.await("a leader", this::leads);
  }

  private boolean leads() {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    partition.leads(answer::complete);
    return answer.orTimeout(InvokerWorld.DEADLINE_SECONDS, TimeUnit.SECONDS).join();
  }

  PartitionWorld knowing(Registry now) {
    registry = now;
    return this;
  }

  NewInvocation invocation(String service, String handler, String key, String input) {
    return InvokerWorld.invocation(
        registry, newInvocations, service, handler, key, ListHost.input(input));
  }

  CompletableFuture<Ingress.Answer> call(NewInvocation invocation) {
    CompletableFuture<Ingress.Answer> answer = new CompletableFuture<>();
    var unused = router.call(invocation, answer::complete);
    return answer;
  }

  PartitionRouter router() {
    return router;
  }

  /** What the router answers to a question. */
  CompletableFuture<Ingress.Answer> ask(Consumer<Consumer<Ingress.Answer>> question) {
    CompletableFuture<Ingress.Answer> answer = new CompletableFuture<>();
    question.accept(answer::complete);
    return answer;
  }

  String activity(InvocationId id) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    partition.activity(id, activity -> answer.complete(String.valueOf(activity)));
    return answer.join();
  }

  InvokerCounters counters() {
    return invokers.counters();
  }

  MemoryPool memory() {
    return invokers.memory();
  }

  @Override
  public void close() {
    router.close(0);
    partition.close();
    logs.close();
    endpoints.close();
    invokers.close();
    loops.close();
    background.close();
    store.close();
  }
}
